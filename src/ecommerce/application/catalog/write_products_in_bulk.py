"""Create and change many products at once."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ecommerce.application.catalog.bulk_items import BulkItem, ItemResult, OnError
from ecommerce.application.catalog.create_product import slug_base
from ecommerce.application.catalog.many_products import ManyProductsTransaction, Met, Named
from ecommerce.application.catalog.ports import Slugs
from ecommerce.application.catalog.settle_items import Circumstances, settle
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unset import UNSET
from ecommerce.domain.catalog.errors import BulkAbortedError
from ecommerce.domain.shared.ids import UserId

_NUMBER: Final = re.compile(r"-[0-9]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteProductsInBulk:
    """Products to create or change, and what is to happen to the others when one cannot be."""

    items: tuple[BulkItem, ...]
    on_error: OnError = "abort"
    actor_id: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteProductsInBulkHandler:
    """Writes the whole batch in one transaction, whose effort hardly depends on the batch."""

    transactions: TransactionFactory[ManyProductsTransaction]
    clock: Clock
    ids: Ids
    slugs: Slugs
    currency: str

    async def __call__(self, command: WriteProductsInBulk) -> tuple[ItemResult, ...]:
        """What became of each item, in order.

        An item that breaks a rule of ``Product``, ``Variant`` or ``StockItem``, or is about what an
        earlier one is about, fails: with ``skip`` its result says why and the others are written,
        with ``abort`` nothing is and ``BulkAbortedError`` names all that fail. Raises
        ``ConcurrentChangeError`` as the ``ManyProducts`` port does.
        """
        async with self.transactions() as transaction:
            items, at = command.items, self.clock.now()
            met = await transaction.many_products.meet(_named(items))
            bases = [self._base(item, met) for item in items]
            wanted = _wanted(items, bases)
            free = await transaction.many_products.free_slugs(wanted) if wanted else {}
            circumstances = Circumstances(
                met=met,
                free_slugs={base: list(slugs) for base, slugs in free.items()},
                taken={item.slug for item in items if item.slug is not UNSET},
                bases=bases,
                ids=self.ids,
                at=at,
                actor_id=command.actor_id,
                currency=self.currency,
            )
            # In a thread, since a full batch takes a while and others are served meanwhile.
            results, kept, entries = await asyncio.to_thread(settle, items, circumstances)
            if command.on_error == "abort":
                _refuse_failed(results)
            await transaction.many_products.keep(kept)
            await asyncio.to_thread(transaction.audit.record, *entries)
            await transaction.commit()
        return tuple(results)

    def _base(self, item: BulkItem, met: Met) -> str | None:
        """The slug that the item's name suggests, where the item needs one."""
        if item.slug is not UNSET or item.name is UNSET:
            return None
        if any(variant.sku_key in met.by_sku for variant in item.variants):
            return None
        return slug_base(self.slugs, item.name)


def _named(items: Sequence[BulkItem]) -> Named:
    variants = [variant for item in items for variant in item.variants]
    return Named(
        slugs={item.slug for item in items if item.slug is not UNSET},
        sku_keys={variant.sku_key for variant in variants},
        stocked={variant.sku_key for variant in variants if variant.on_hand is not UNSET},
        category_ids={
            item.category_id
            for item in items
            if item.category_id is not UNSET and item.category_id is not None
        },
    )


def _wanted(items: Sequence[BulkItem], bases: Sequence[str | None]) -> dict[str, int]:
    """How many slugs of each base there have to be, so that one is left for each item whatever the
    other items of the batch take of them.
    """
    own = Counter(base for base in bases if base is not None)
    others = {item.slug for item in items if item.slug is not UNSET}
    wanted = Counter(own)
    wanted.update(others & own.keys())
    for slug in {*others, *own}:
        family = _NUMBER.sub("", slug)
        if family != slug and family in own:
            # The slug may be one of its family's, and what its family numbers may be the slug.
            wanted.update({family, slug} & own.keys())
    return dict(wanted)


def _refuse_failed(results: Sequence[ItemResult]) -> None:
    problems = [result.problem for result in results if result.problem is not None]
    if problems:
        raise BulkAbortedError(
            f"{len(problems)} of {len(results)} items cannot be written, so none was.",
            *(violation for problem in problems for violation in problem.violations),
        )
