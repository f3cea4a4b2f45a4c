"""Let terms mean what they say again."""

from dataclasses import dataclass

from ecommerce.application.merchandising.audited import group_facts
from ecommerce.application.merchandising.ports import MerchandisingTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import SynonymGroupId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSynonymGroup:
    """Which group of synonyms to remove."""

    group_id: SynonymGroupId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSynonymGroupHandler:
    """Removes a group of synonyms; its terms are free again."""

    transactions: TransactionFactory[MerchandisingTransaction]

    async def __call__(self, command: DeleteSynonymGroup) -> None:
        """Remove it, or raise ``SynonymGroupNotFoundError`` or ``StaleVersionError``."""
        async with self.transactions() as transaction:
            group = await transaction.synonyms.get(command.group_id)
            require_version(group.version, command.expected_version)
            await transaction.synonyms.remove(group)
            transaction.audit.record(
                AuditEntry.deleted("synonym_group", group.id, group_facts(group))
            )
            await transaction.commit()
