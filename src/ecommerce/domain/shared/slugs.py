"""Slugs: the readable part of an address."""

import re
from dataclasses import dataclass
from typing import Final

from ecommerce.domain.shared.errors import ConflictError, InvalidValueError, Violation

MAX_SLUG_LENGTH: Final = 200
SLUG_PATTERN: Final = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
_SLUG: Final = re.compile(SLUG_PATTERN)
_UUID: Final = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")


class InvalidSlugError(InvalidValueError):
    """A slug has lower-case letters, digits and single hyphens between them, 200 characters at the
    most, and does not look like an id (UUID).
    """

    code = "invalid_slug"
    title = "Not a slug"


class SlugTakenError(ConflictError):
    """Another product or category of the shop has this slug, or had it and still answers to it.
    Choose another, or leave the slug out and the shop makes one.
    """

    code = "slug_taken"
    title = "The slug is taken"


def invalid_slug(detail: str) -> InvalidSlugError:
    """The refusal of a slug, which points at it."""
    return InvalidSlugError(detail, Violation("/slug", detail))


@dataclass(frozen=True, slots=True)
class Slug:
    """A valid slug."""

    value: str

    def __post_init__(self) -> None:
        long = len(self.value) > MAX_SLUG_LENGTH
        if long or not _SLUG.fullmatch(self.value) or _UUID.match(self.value):
            raise invalid_slug(f"{self.value[:220]!r} is not a slug.")
