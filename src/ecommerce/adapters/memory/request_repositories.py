"""What a request leaves besides its effect: mail, its answer and its audit records."""

from functools import cached_property

from ecommerce.adapters.memory.audit import InMemoryAudit
from ecommerce.adapters.memory.idempotency import InMemoryIdempotencyRecords
from ecommerce.adapters.memory.mail import InMemoryMailOutbox
from ecommerce.adapters.memory.on_tables import OnTables


class RequestRepositories(OnTables):
    """What a request leaves besides its effect: mail, its answer and its audit records."""

    @cached_property
    def mail(self) -> InMemoryMailOutbox:
        """The mail to send."""
        return InMemoryMailOutbox(self.tables)

    @cached_property
    def idempotency(self) -> InMemoryIdempotencyRecords:
        """The answers given so far."""
        return InMemoryIdempotencyRecords(self.tables)

    @cached_property
    def audit(self) -> InMemoryAudit:
        """The audit log."""
        return InMemoryAudit(self.tables, self._scribe)
