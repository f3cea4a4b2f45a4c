"""The index as it is at one moment: segments, what of them still counts, and what changed since."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import numpy as np

from ecommerce.adapters.postgres.search.arrays import INT32, Mask, Ords
from ecommerce.adapters.postgres.search.category_names import CategoryNames
from ecommerce.adapters.postgres.search.pending import PendingProduct
from ecommerce.adapters.postgres.search.segment import STATUSES, Segment
from ecommerce.adapters.postgres.search.sorted_words import SortedWords
from ecommerce.application.catalog.search.counting import PlacedCategory
from ecommerce.application.catalog.search.filters import FilteredProduct
from ecommerce.application.catalog.search.product import NO_IMPACTS

_NOWHERE: Final[Mapping[UUID, int]] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Steering:
    """The category tree and what staff say, as the search uses them; changes are rare."""

    version: int
    categories: Mapping[UUID, PlacedCategory]
    ids: Mapping[str, UUID]
    """By an id as fields have it."""

    below: Mapping[UUID, Sequence[str]]
    """A category and all below it, as fields have them."""

    slugs: Mapping[str, UUID]
    category_impacts: Mapping[UUID, Mapping[str, int]]
    said: Mapping[str, Mapping[UUID, int]]
    """The same by stem."""

    category_words: Mapping[str, str]
    category_names: CategoryNames
    synonyms: Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]
    pins_of_texts: Mapping[str, tuple[UUID, ...]]
    pins_of_categories: Mapping[UUID, tuple[UUID, ...]]

    def impacts_of(self, category_id: UUID | None) -> Mapping[str, int]:
        """What the products of a category are about for that."""
        if category_id is None:
            return NO_IMPACTS
        return self.category_impacts.get(category_id, NO_IMPACTS)

    def path_of(self, category_id: UUID | None) -> tuple[UUID, ...]:
        """Where a category lies, root first, itself last."""
        placed = None if category_id is None else self.categories.get(category_id)
        return () if placed is None else placed.path

    def saying(self, stem: str) -> Mapping[UUID, int]:
        """The categories that say a stem, and their impacts."""
        return self.said.get(stem, _NOWHERE)


@dataclass(slots=True, eq=False)
class View:
    """A moment of the index. Nothing in it changes; masks are made when first asked for.

    ``live``: by segment, which of its products neither a newer segment nor ``pending`` has.
    """

    segments: tuple[Segment, ...]
    live: tuple[Mask, ...]
    live_of_segments: tuple[Mask, ...]
    pending: Sequence[tuple[PendingProduct, FilteredProduct]]
    steering: Steering
    _eligible: dict[tuple[str, ...], tuple[Mask, ...]] = field(default_factory=dict)
    _other_words: Counter[str] | None = None
    _in_order: SortedWords | None = None

    def eligible(self, statuses: Sequence[str]) -> tuple[Mask, ...]:
        """By segment, which products still count and have one of the statuses."""
        key = tuple(sorted(set(statuses)))
        found = self._eligible.get(key)
        if found is None:
            wanted = np.array([status in key for status in STATUSES], np.bool_)
            found = self._eligible[key] = tuple(
                live & wanted[segment.statuses]
                for segment, live in zip(self.segments, self.live, strict=True)
            )
        return found

    def other_words(self) -> Mapping[str, int]:
        """The words that no segment has told of: of products that changed, and of categories."""
        if self._other_words is None:
            words = Counter(self.steering.category_words.keys())
            for pending, _ in self.pending:
                words.update(pending.words)
            self._other_words = words
        return self._other_words

    def other_words_beginning(self, prefix: str) -> Iterator[str]:
        """Those of the other words that begin with a prefix, itself left out."""
        if self._in_order is None:
            self._in_order = SortedWords(self.other_words())
        return (word for word in self._in_order.beginning(prefix) if word != prefix)

    @property
    def count(self) -> int:
        """How many products there are, about."""
        return sum(segment.size for segment in self.segments) + len(self.pending)


def live_masks(segments: Sequence[Segment]) -> tuple[Mask, ...]:
    """By segment, which of its products no newer segment has or has seen go."""
    highest = max((int(s.docs[-1]) for s in segments if s.size), default=-1)
    highest = max([highest, *(int(s.gone[-1]) for s in segments if len(s.gone))])
    seen = np.zeros(highest + 1, np.bool_)
    masks: list[Mask] = []
    for segment in reversed(segments):
        masks.append(~seen[segment.docs])
        seen[segment.docs] = True
        seen[segment.gone] = True
    return tuple(reversed(masks))


def without(segments: Sequence[Segment], live: Sequence[Mask], docs: Sequence[int]) -> list[Mask]:
    """The masks without some docs."""
    if not docs:
        return list(live)
    changed: Final[Ords] = np.array(sorted(docs), INT32)
    masks = []
    for segment, mask in zip(segments, live, strict=True):
        places = np.searchsorted(segment.docs, changed)
        inside = places < segment.size
        places = places[inside]
        hits = places[segment.docs[places] == changed[inside]]
        if len(hits):
            kept = mask.copy()
            kept[hits] = False
            masks.append(kept)
        else:
            masks.append(mask)
    return masks
