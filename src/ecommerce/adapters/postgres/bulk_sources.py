"""A batch of new products as the search index takes them in, before any of them is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ecommerce.adapters.postgres.search.segment import NewSegment, SegmentBuilder, SourceRow
from ecommerce.application.catalog.imported import ImportedProduct, ImportedVariant
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.unset import given


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What laying a product out found: its id, the keys of its category and name, its terms and its
    words.
    """

    id: str
    category: str
    name_key: str
    terms: Sequence[str]
    title: str
    facts: str
    body: str


def segment_of_new(
    products: Sequence[ImportedProduct],
    laid_out: Sequence[LaidOut],
    categories: Mapping[str, UUID | None],
    analyzer: Analyzer,
) -> NewSegment:
    """Make a segment of products that are all new; their docs, which the database gives, are still
    to be told (``NewSegment.numbered``).
    """
    builder = SegmentBuilder(analyzer)
    builder.add(_rows(products, laid_out, categories))
    return builder.made(()).finished()


def _rows(
    products: Sequence[ImportedProduct],
    laid_out: Sequence[LaidOut],
    categories: Mapping[str, UUID | None],
) -> Iterator[SourceRow]:
    for n, (product, each) in enumerate(zip(products, laid_out, strict=True)):
        yield SourceRow(
            doc=n,
            product_id=UUID(each.id),
            status=given(product.status, "active"),
            price=min(given(variant.price, 0) for variant in product.variants),
            in_stock=any(map(_sellable, product.variants)),
            brand=given(product.brand, None) or None,
            category_id=categories.get(each.category),
            terms=each.terms,
            name_key=each.name_key,
            title=each.title,
            facts=each.facts,
            body=each.body,
        )


def _sellable(variant: ImportedVariant) -> bool:
    return given(variant.on_hand, 0) > 0 or given(variant.backorder_allowed, False)  # noqa: FBT003
