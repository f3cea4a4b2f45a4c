"""Synonyms: words that mean the same to a shopper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ecommerce.domain.merchandising.errors import InvalidSynonymsError
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import SynonymGroupId
from ecommerce.domain.shared.text import sort_key

MIN_TERMS: Final = 2
MAX_TERMS: Final = 20
MAX_TERM: Final = 80
MAX_TERM_WORDS: Final = 5


@dataclass(slots=True, eq=False, kw_only=True)
class SynonymGroup:
    """Terms that find the same, as they were given and in that order."""

    id: SynonymGroupId
    terms: tuple[str, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(cls, group_id: SynonymGroupId, terms: Sequence[str], at: datetime) -> "SynonymGroup":
        """A new group, or ``InvalidSynonymsError``."""
        return cls(id=group_id, terms=_checked(terms), version=1, created_at=at, updated_at=at)

    @property
    def keys(self) -> tuple[str, ...]:
        """What the terms are compared by, in their order."""
        return tuple(map(sort_key, self.terms))

    def change(self, terms: Sequence[str], at: datetime) -> bool:
        """Have these terms from now on; whether that changed anything. Raises
        ``InvalidSynonymsError``.
        """
        told = _checked(terms)
        if told == self.terms:
            return False
        self.terms = told
        self.version += 1
        self.updated_at = at
        return True


def _checked(terms: Sequence[str]) -> tuple[str, ...]:
    if not MIN_TERMS <= len(terms) <= MAX_TERMS:
        raise InvalidSynonymsError(f"A group has {MIN_TERMS} to {MAX_TERMS} terms.")
    told = tuple(_term(term, place) for place, term in enumerate(terms))
    first: dict[str, int] = {}
    for place, term in enumerate(told):
        if first.setdefault(sort_key(term), place) != place:
            raise _refused(place, f"{term!r} is in the group already.")
    return told


def _term(text: str, place: int) -> str:
    term = " ".join(text.split())
    if len(term) > MAX_TERM:
        raise _refused(place, f"has {len(term)} characters; {MAX_TERM} are the most.")
    if "\0" in term:
        raise _refused(place, "has a NUL character in it.")
    key = sort_key(term)
    # Asked of the key: a letter that folding leaves nothing of could never be found.
    if not any(character.isalnum() for character in key):
        raise _refused(place, "has neither a letter nor a digit.")
    words = max(len(term.split()), len(key.split()))
    if words > MAX_TERM_WORDS:
        raise _refused(place, f"has {words} words; {MAX_TERM_WORDS} are the most.")
    return term


def _refused(place: int, detail: str) -> InvalidSynonymsError:
    return InvalidSynonymsError(f"Term {place + 1}: {detail}", Violation(f"/terms/{place}", detail))
