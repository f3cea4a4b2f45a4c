"""Pictures of a product."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ecommerce.domain.catalog.wording import refused, text

MAX_IMAGES: Final = 250
_MAX_URL: Final = 2048
_MAX_ALT: Final = 512


@dataclass(frozen=True, slots=True)
class Image:
    """Where a picture is found on the web, and the words that stand for it."""

    url: str
    alt: str | None = None

    def __post_init__(self) -> None:
        text(self.url, "images", _MAX_URL)
        if not self.url.startswith(("https://", "http://")) or any(c.isspace() for c in self.url):
            raise refused("images", f"{self.url[:80]!r} is not an http or https address.")
        if self.alt is not None:
            text(self.alt, "images", _MAX_ALT)


def images_of(given: Iterable[Image]) -> tuple[Image, ...]:
    """A product's pictures in order."""
    images = tuple(given)
    if len(images) > MAX_IMAGES:
        raise refused("images", f"{MAX_IMAGES} are the most.")
    return images
