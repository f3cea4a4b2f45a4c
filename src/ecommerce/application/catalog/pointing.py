"""Errors about one of several things, made to say which."""

from collections.abc import Iterator
from contextlib import contextmanager

from ecommerce.domain.shared.errors import DomainError, Violation


@contextmanager
def at_variant(place: int, field: str = "") -> Iterator[None]:
    """Let errors leave with pointers into the variant that they are about: at ``field`` where it is
    known, whatever the rule that refused calls it.
    """
    at = f"/variants/{place}"
    try:
        yield
    except DomainError as error:
        violations = error.violations
        if field or not violations:
            violations = (Violation(field, error.detail),)
        raise type(error)(
            error.detail, *(Violation(at + each.pointer, each.detail) for each in violations)
        ) from error
