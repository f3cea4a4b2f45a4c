"""Many products at a time, in memory: one after the other."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import Final

from ecommerce.adapters.memory.catalog import InMemoryProducts
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.many_products import Kept, Met, Named
from ecommerce.application.shared.unavailable import ConcurrentChangeError
from ecommerce.domain.catalog.errors import SkuTakenError
from ecommerce.domain.shared.ids import ProductId
from ecommerce.domain.shared.slugs import Slug, SlugTakenError


class InMemoryManyProducts:
    """Copies go in and out; transactions run one at a time, so nothing is ever taken meanwhile."""

    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables
        self._products: Final = InMemoryProducts(tables)

    async def meet(self, named: Named) -> Met:
        """Look at every product."""
        tables = self._tables
        found = [
            product
            for product in tables.products.values()
            if product.slug.value in named.slugs
            or any(variant.sku_key in named.sku_keys for variant in product.variants)
        ]
        stocked = (v.id for each in found for v in each.variants if v.sku_key in named.stocked)
        return Met(
            products=tuple(copy.deepcopy(found)),
            stock={id_: copy.deepcopy(tables.stock[id_]) for id_ in stocked if id_ in tables.stock},
            former_slugs={
                slug: ProductId(tables.product_old_slugs[slug])
                for slug in named.slugs & tables.product_old_slugs.keys()
            },
            category_ids=named.category_ids & tables.categories.keys(),
        )

    async def free_slugs(self, wanted: Mapping[str, int]) -> Mapping[str, Sequence[Slug]]:
        """Try one after the other."""
        tables = self._tables
        taken = {each.slug.value for each in tables.products.values()}
        taken |= tables.product_old_slugs.keys()
        return {base: list(islice(_free(base, taken), number)) for base, number in wanted.items()}

    async def keep(self, kept: Kept) -> None:
        """Keep one after the other."""
        try:
            for product in kept.changed:
                await self._products.save(product)
            for product in kept.created:
                await self._products.add(product)
        except (SlugTakenError, SkuTakenError) as error:
            raise ConcurrentChangeError("Others took a slug or SKU of the batch.") from error
        for item in (*kept.opened, *kept.adjusted):
            self._tables.stock[item.variant_id] = copy.deepcopy(item)
        self._tables.movements.extend(kept.movements)


def _free(base: str, taken: set[str]) -> Iterator[Slug]:
    numbered = chain([base], (f"{base}-{number}" for number in count(2)))
    return (Slug(slug) for slug in numbered if slug not in taken)
