"""What was done in the shop, by whom: written down with the change itself, and never changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.shared.audit_facts import Facts, KeptFacts, bounded, differences
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.origin import Principal, origin
from ecommerce.application.shared.transaction import Transaction, TransactionFactory
from ecommerce.domain.shared.ids import AuditRecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something that was done: which action (``product.changed``), and to what.

    ``before`` and ``after`` hold the facts that changed, by name; the first is ``None`` of what is
    new, the second of what is gone. ``by`` is for where the request itself is anonymous, such as a
    sign-in; otherwise whoever the request was made for did it.

    Personal data and secrets do not belong here: accounts are named by their ids.
    """

    action: str
    subject_type: str
    subject_id: str | None = None
    before: Facts | None = None
    after: Facts | None = None
    by: Principal | None = None

    @classmethod
    def created(cls, subject_type: str, subject_id: object, after: Facts) -> "AuditEntry":
        """Something new."""
        return cls(
            action=f"{subject_type}.created",
            subject_type=subject_type,
            subject_id=str(subject_id),
            after=after,
        )

    @classmethod
    def changed(
        cls, subject_type: str, subject_id: object, before: Facts, after: Facts
    ) -> "AuditEntry":
        """Something that is otherwise than before: only what differs is kept."""
        was, is_ = differences(before, after)
        return cls(
            action=f"{subject_type}.changed",
            subject_type=subject_type,
            subject_id=str(subject_id),
            before=was,
            after=is_,
        )

    @classmethod
    def deleted(cls, subject_type: str, subject_id: object, before: Facts) -> "AuditEntry":
        """Something that is gone."""
        return cls(
            action=f"{subject_type}.deleted",
            subject_type=subject_type,
            subject_id=str(subject_id),
            before=before,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """An entry as it is kept: with its time, its author and the request that it came from."""

    id: AuditRecordId
    at: datetime
    principal: Principal
    action: str
    subject_type: str
    subject_id: str | None
    before: KeptFacts | None
    after: KeptFacts | None
    request_id: str | None
    client: str | None


class Audit(Protocol):
    """The audit log, for writing: nothing in it is ever changed or taken out."""

    def record(self, *entries: AuditEntry) -> None:
        """Write down what this transaction does.

        Kept in order, with the transaction's commit and in one statement more for all of its
        entries; what is rolled back was never done, and leaves nothing here.
        """
        ...


class AuditedTransaction(Transaction, Protocol):
    """A transaction whose changes are written down."""

    @property
    def audit(self) -> Audit:
        """The audit log."""
        ...


async def note(transactions: TransactionFactory[AuditedTransaction], *entries: AuditEntry) -> None:
    """Write down what changed nothing in the shop, or was changed elsewhere."""
    async with transactions() as transaction:
        transaction.audit.record(*entries)
        await transaction.commit()


@dataclass(frozen=True, slots=True)
class Scribe:
    """Makes records of entries: puts the time, the author and the request to them, cuts what is
    long and leaves out what looks like a secret.
    """

    clock: Clock
    ids: Ids

    def __call__(self, entries: Iterable[AuditEntry]) -> Iterator[AuditRecord]:
        """Write entries out, in order, as of now."""
        at, whence = self.clock.now(), origin()
        for entry in entries:
            yield AuditRecord(
                id=AuditRecordId(self.ids.new(at)),
                at=at,
                principal=entry.by or whence.principal,
                action=entry.action,
                subject_type=entry.subject_type,
                subject_id=entry.subject_id,
                before=bounded(entry.before),
                after=bounded(entry.after),
                request_id=whence.request_id,
                client=whence.client,
            )
