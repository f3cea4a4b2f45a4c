"""Answers as bytes: how long they are, and how machines hand them to each other."""

from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

import msgspec

from ecommerce.application.catalog import facets
from ecommerce.application.catalog.queries import (
    CategoryDetail,
    CategoryNode,
    CategoryView,
    Explanation,
    ProductCard,
    ProductPage,
    ProductView,
    Suggestions,
)
from ecommerce.application.shared.paging import Page, Position, Total

T = TypeVar("T")

_encode: Final = msgspec.msgpack.Encoder().encode


class Codec(Generic[T]):
    """Writes and reads answers of one kind (MessagePack)."""

    def __init__(self, decode: Callable[[bytes], T]) -> None:
        self._decode: Final = decode

    def encode(self, answer: T) -> bytes:
        """The answer as bytes."""
        return _encode(answer)

    def decode(self, text: bytes) -> T:
        """The answer again; ``ValueError`` when it is not one."""
        return self._decode(text)


class _WrittenPage(msgspec.Struct):
    """A page of cards as it is written: the name of a facet says what it is."""

    items: tuple[ProductCard, ...]
    next: Position | None
    previous: Position | None
    total: Total | None
    facets: dict[str, msgspec.Raw] | None
    explanations: tuple[Explanation, ...] | None


_page: Final = msgspec.msgpack.Decoder(_WrittenPage).decode
_values: Final = msgspec.msgpack.Decoder(tuple[facets.FacetValue, ...]).decode
_facets: Final[Mapping[str, Callable[[msgspec.Raw], facets.Facet]]] = {
    facets.CATEGORY: msgspec.msgpack.Decoder(tuple[facets.CategoryFacetValue, ...]).decode,
    facets.PRICE: msgspec.msgpack.Decoder(facets.PriceFacet).decode,
}


def _product_page(text: bytes) -> ProductPage:
    page, found = _page(text), None
    if page.facets is not None:
        found = {name: _facets.get(name, _values)(raw) for name, raw in page.facets.items()}
    return ProductPage(page.items, page.next, page.previous, page.total, found, page.explanations)


PRODUCT_PAGE: Final = Codec[ProductPage](_product_page)
PRODUCT: Final = Codec[ProductView | None](msgspec.msgpack.Decoder(ProductView | None).decode)
CATEGORY_PAGE: Final = Codec[Page[CategoryView]](msgspec.msgpack.Decoder(Page[CategoryView]).decode)
CATEGORY: Final = Codec[CategoryDetail | None](
    msgspec.msgpack.Decoder(CategoryDetail | None).decode
)
TREE: Final = Codec[tuple[CategoryNode, ...] | None](
    msgspec.msgpack.Decoder(tuple[CategoryNode, ...] | None).decode
)
SLUG: Final = Codec[str | None](msgspec.msgpack.Decoder(str | None).decode)
SUGGESTIONS: Final = Codec[Suggestions](msgspec.msgpack.Decoder(Suggestions).decode)
