"""Answers as bytes: how long they are, and how machines hand them to each other."""

from typing import Final, Generic, TypeVar

import msgspec

from ecommerce.application.catalog.queries import (
    CategoryDetail,
    CategoryNode,
    CategoryView,
    ProductPage,
    ProductView,
    Suggestions,
)
from ecommerce.application.shared.paging import Page

T = TypeVar("T")

_encode: Final = msgspec.msgpack.Encoder().encode


class Codec(Generic[T]):
    """Writes and reads answers of one kind (MessagePack)."""

    def __init__(self, kind: object) -> None:
        self._decode: Final = msgspec.msgpack.Decoder(kind).decode

    def encode(self, answer: T) -> bytes:
        """The answer as bytes."""
        return _encode(answer)

    def decode(self, text: bytes) -> T:
        """The answer again; ``ValueError`` when it is not one."""
        answer: T = self._decode(text)
        return answer


PRODUCT_PAGE: Final[Codec[ProductPage]] = Codec(ProductPage)
PRODUCT: Final[Codec[ProductView | None]] = Codec(ProductView | None)
CATEGORY_PAGE: Final[Codec[Page[CategoryView]]] = Codec(Page[CategoryView])
CATEGORY: Final[Codec[CategoryDetail | None]] = Codec(CategoryDetail | None)
TREE: Final[Codec[tuple[CategoryNode, ...] | None]] = Codec(tuple[CategoryNode, ...] | None)
SLUG: Final[Codec[str | None]] = Codec(str | None)
SUGGESTIONS: Final[Codec[Suggestions]] = Codec(Suggestions)
