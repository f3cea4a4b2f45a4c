"""Say that some terms mean the same."""

from dataclasses import dataclass

from ecommerce.application.merchandising.audited import group_facts
from ecommerce.application.merchandising.ports import MerchandisingTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import SynonymGroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSynonymGroup:
    """The terms that mean the same."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreatedSynonymGroup:
    """What became of it."""

    id: SynonymGroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSynonymGroupHandler:
    """Creates a group of synonyms."""

    transactions: TransactionFactory[MerchandisingTransaction]
    clock: Clock
    ids: Ids

    async def __call__(self, command: CreateSynonymGroup) -> CreatedSynonymGroup:
        """Create it, or raise ``InvalidSynonymsError`` or ``SynonymTakenError``."""
        async with self.transactions() as transaction:
            at = self.clock.now()
            group = SynonymGroup.create(SynonymGroupId(self.ids.new(at)), command.terms, at)
            await transaction.synonyms.add(group)
            transaction.audit.record(
                AuditEntry.created("synonym_group", group.id, group_facts(group))
            )
            await transaction.commit()
        return CreatedSynonymGroup(group.id)
