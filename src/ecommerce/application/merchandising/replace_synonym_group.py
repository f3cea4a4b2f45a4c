"""Give a group of synonyms other terms."""

from dataclasses import dataclass

from ecommerce.application.merchandising.audited import group_facts
from ecommerce.application.merchandising.ports import MerchandisingTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import SynonymGroupId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceSynonymGroup:
    """All the terms that a group is to have."""

    group_id: SynonymGroupId
    terms: tuple[str, ...]
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class ReplacedSynonymGroup:
    """What became of it; the version stays when nothing changed."""

    id: SynonymGroupId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceSynonymGroupHandler:
    """Replaces the terms of a group; those left out are free again."""

    transactions: TransactionFactory[MerchandisingTransaction]
    clock: Clock

    async def __call__(self, command: ReplaceSynonymGroup) -> ReplacedSynonymGroup:
        """Replace them, or raise ``SynonymGroupNotFoundError``, ``StaleVersionError``,
        ``InvalidSynonymsError`` or ``SynonymTakenError``.
        """
        async with self.transactions() as transaction:
            group = await transaction.synonyms.get(command.group_id)
            require_version(group.version, command.expected_version)
            before = group_facts(group)
            if group.change(command.terms, self.clock.now()):
                await transaction.synonyms.save(group)
                after = group_facts(group)
                transaction.audit.record(
                    AuditEntry.changed("synonym_group", group.id, before, after)
                )
            await transaction.commit()
        return ReplacedSynonymGroup(group.id, group.version)
