"""What texts in the catalogue may look like."""

from typing import Final

from ecommerce.domain.catalog.errors import InvalidDetailsError
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.text import composed

MAX_NAME: Final = 255
MAX_DESCRIPTION: Final = 100_000


def refused(field: str, detail: str) -> InvalidDetailsError:
    """The error that refuses one field, naming it."""
    return InvalidDetailsError(f"{field}: {detail}", Violation(f"/{field}", detail))


def text(value: str, field: str, limit: int) -> str:
    """A text that may be empty, in its one spelling, within its limit and without NUL."""
    value = composed(value)
    if len(value) > limit:
        raise refused(field, f"has {len(value)} characters; {limit} are the most.")
    if "\0" in value:
        raise refused(field, "has a NUL character in it.")
    return value


def label(value: str, field: str, limit: int) -> str:
    """A text that says something, without blanks around it and within its limit."""
    trimmed = text(value.strip(), field, limit)
    if not trimmed:
        raise refused(field, "is blank.")
    return trimmed


def optional_label(value: str | None, field: str, limit: int) -> str | None:
    """A label, or none."""
    return None if value is None else label(value, field, limit)
