"""What a request leaves besides its effect: mail, its answer and its audit records."""

from functools import cached_property

from ecommerce.adapters.postgres.audit import PostgresAudit
from ecommerce.adapters.postgres.idempotency import PostgresIdempotencyRecords
from ecommerce.adapters.postgres.mail import PostgresMailOutbox
from ecommerce.adapters.postgres.on_connection import OnConnection


class RequestRepositories(OnConnection):
    """What a request leaves besides its effect: mail, its answer and its audit records."""

    @cached_property
    def mail(self) -> PostgresMailOutbox:
        """The mail to send."""
        return PostgresMailOutbox(self._connection)

    @cached_property
    def idempotency(self) -> PostgresIdempotencyRecords:
        """The answers given so far."""
        return PostgresIdempotencyRecords(self._connection)

    @cached_property
    def audit(self) -> PostgresAudit:
        """The audit log."""
        return PostgresAudit(self._connection, self._means.scribe)
