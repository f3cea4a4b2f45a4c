"""The index in memory: what is stored of it, as far as searches have needed it, up to a size."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from cachetools import LRUCache

from ecommerce.adapters.postgres.database import Parameters, Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search import steering as steer
from ecommerce.adapters.postgres.search import storage
from ecommerce.adapters.postgres.search.arrays import NO_ORDS, uint8s
from ecommerce.adapters.postgres.search.keeping import KeptOrds, keep
from ecommerce.adapters.postgres.search.matching import Filters
from ecommerce.adapters.postgres.search.pending import PendingProduct, pending_product
from ecommerce.adapters.postgres.search.ranks import Ranks
from ecommerce.adapters.postgres.search.segment import Field, Order, Posting, Segment
from ecommerce.adapters.postgres.search.view import View, live_masks, without
from ecommerce.application.catalog.search.planner import KnownWord
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.unavailable import DatabaseUnavailableError

DEFAULT_INDEX_BYTES: Final = 128 * 1024 * 1024

_NOTHING: Final = Posting(NO_ORDS, uint8s(b""))
_ATTEMPTS: Final = 5
_WORDS_KEPT: Final = 50_000
"""So many words are kept of what the table of words answered: about 10 MB."""

_UNKNOWN_FIELD: Final = 200
_FILTERS: Final = 1_000
"""About so many bytes do the filters take that lead to some matches."""


_Changed: TypeAlias = tuple[int, int, int]
"""A doc, its latest change, and how many changes of it there are."""


@dataclass(frozen=True, slots=True)
class _State:
    """What tells one moment of the index from another."""

    segments: tuple[int, ...]
    version: int
    changes: tuple[_Changed, ...]


class SearchIndex:
    """Follows the stored index. What is loaded never changes, so it is shared by all searches.

    ``memory_bytes`` bounds postings and fields, an eighth of it more the matches of filters; the
    columns of the segments (about 58 bytes for each product, and 8 for each order asked for) come
    on top. A search inside a transaction sees what that has written, and leaves nothing of it
    behind.
    """

    def __init__(self, reads: Reads, analyzer: Analyzer, *, memory_bytes: int) -> None:
        self._reads: Final = reads
        self._analyzer: Final = analyzer
        self._loading: Final = asyncio.Lock()
        self._view: View | None = None
        self._state: _State | None = None
        self._segments: dict[int, Segment] = {}
        self._pending: dict[_Changed, PendingProduct | None] = {}
        self._fields: Final[LRUCache[tuple[int, str], Field | None]] = LRUCache(
            memory_bytes // 2, lambda each: _UNKNOWN_FIELD if each is None else each.bytes
        )
        self._postings: Final[LRUCache[tuple[int, str], Posting]] = LRUCache(
            memory_bytes // 2, lambda each: each.bytes
        )
        self.filtered: Final[LRUCache[Filters, KeptOrds]] = LRUCache(
            memory_bytes // 8, lambda each: _FILTERS + each.bytes
        )
        self._words: Final[LRUCache[tuple[object, ...], Sequence[KnownWord]]] = LRUCache(
            _WORDS_KEPT, lambda each: 1 + len(each)
        )

    async def view(self) -> View:
        """The index as the calling task may see it now: one statement when nothing changed."""
        for _ in range(_ATTEMPTS):
            state = await self._read_state()
            if self._reads.in_transaction:
                # What it wrote of synonyms, pins and categories shows in no state until then.
                found = await self._made(state, None)
            elif self._view is not None and state == self._state:
                return self._view
            else:
                async with self._loading:
                    found = await self._renewed(state)
            if found is not None:
                return found
        raise DatabaseUnavailableError("The search index is changing too fast to be read.")

    async def _read_state(self) -> _State:
        row = await self._reads.one(storage.STATE)
        if row is None:
            raise RuntimeError("A SELECT without FROM gave no row.")
        segments, version, docs, changes, numbers = row
        changed = zip(docs or (), changes or (), numbers or (), strict=True)
        return _State(tuple(segments), version, tuple(sorted(changed)))

    async def _renewed(self, state: _State) -> View | None:
        if self._view is None or state != self._state:
            made = await self._made(state, self._view)
            if made is None:
                return None
            self._view, self._state = made, state
        return self._view

    async def _made(self, state: _State, before: View | None) -> View | None:
        """The view of a state, or ``None`` when one of its segments is gone meanwhile."""
        segments = await self._segments_of(state.segments)
        if segments is None:
            return None
        pending = await self._pending_of(state.changes)
        if not self._reads.in_transaction:
            self._pending = pending
        if before is not None and before.steering.version == state.version:
            steering = before.steering
        else:
            steering = await steer.load(self._reads, self._analyzer)
        if before is not None and before.segments == segments:
            live = before.live_of_segments
        else:
            live = live_masks(segments)
        return View(
            segments=segments,
            live=tuple(without(segments, live, [doc for doc, *_ in state.changes])),
            live_of_segments=live,
            pending=[
                (each, each.placed(steering.path_of(each.row.category_id)))
                for each in pending.values()
                if each is not None
            ],
            steering=steering,
        )

    async def _segments_of(self, ids: Sequence[int]) -> tuple[Segment, ...] | None:
        known = dict(self._segments)
        missing = [id_ for id_ in ids if id_ not in known]
        if missing:
            for id_ in missing:
                # One at a time: a statement has to be over in the time of a request.
                rows = await self._reads.all(storage.SEGMENTS, {"ids": [id_]})
                known.update((each.id, each) for each in storage.segments_of(rows))
        if any(id_ not in known for id_ in ids):
            return None
        if not self._reads.in_transaction:
            # Those of the view before stay too: a replica may be a step behind the primary.
            before = () if self._view is None else self._view.segments
            self._segments = {each.id: each for each in before} | {id_: known[id_] for id_ in ids}
        return tuple(known[id_] for id_ in ids)

    async def _pending_of(
        self, changes: Sequence[_Changed]
    ) -> dict[_Changed, PendingProduct | None]:
        known = {} if self._reads.in_transaction else self._pending
        missing = [each[0] for each in changes if each not in known]
        found: dict[int, PendingProduct] = {}
        if missing:
            rows = await self._reads.all(storage.SOURCE, {"docs": missing})
            for row in map(storage.source_row, rows):
                found[row.doc] = pending_product(row, self._analyzer)
        return {each: known[each] if each in known else found.get(each[0]) for each in changes}

    async def fields(self, view: View, name: str) -> Mapping[int, Field | None]:
        """A field of every segment, ``None`` where none of its products has a value."""
        cache = self._fields
        missing = [each.id for each in view.segments if (each.id, name) not in cache]
        found: dict[int, Field] = {}
        if missing:
            rows = await self._reads.all(storage.FIELDS, {"ids": missing, "name": name})
            found = storage.fields_of(rows, {each.id: each.size for each in view.segments})
            for id_ in missing:
                keep(cache, (id_, name), found.get(id_))
        return {each.id: found.get(each.id) or cache.get((each.id, name)) for each in view.segments}

    async def postings(self, view: View, stems: Sequence[str]) -> Mapping[tuple[int, str], Posting]:
        """The postings of some stems in every segment, those that are empty included."""
        cache = self._postings
        wanted = [(each.id, stem) for each in view.segments for stem in stems]
        held = {key: cache[key] for key in wanted if key in cache}
        missing = [key for key in wanted if key not in held]
        if missing:
            rows = await self._reads.all(
                storage.POSTINGS,
                {
                    "ids": sorted({id_ for id_, _ in missing}),
                    "stems": sorted({stem for _, stem in missing}),
                },
            )
            found = storage.postings_of(rows)
            for key in missing:
                held[key] = found.get(key, _NOTHING)
                keep(cache, key, held[key])
        return held

    async def ranks(self, view: View, order: Order) -> list[Ranks]:
        """Where the products of each segment stand in an order, worked out beside other requests
        when it is asked for the first time.
        """
        for each in view.segments:
            if not each.has_ranks(order):
                await asyncio.to_thread(each.ranks, order)
        return [each.ranks(order) for each in view.segments]

    async def words(
        self, view: View, question: Statement, key: object, values: Callable[[], Parameters]
    ) -> Sequence[KnownWord]:
        """What the table of words answers to a question; ``values`` makes of ``key`` what is asked.
        The table changes only as segments do.
        """
        segments = tuple(each.id for each in view.segments)
        asked = (segments, question, key)
        found = self._words.get(asked)
        if found is None:
            found = [KnownWord(*row) for row in await self._reads.all(question, values())]
            if not self._reads.in_transaction:
                keep(self._words, asked, found)
        return found

    async def docs_of(self, product_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """The docs of some products; those that are no more are left out."""
        rows = await self._reads.all(storage.DOCS, {"product_ids": list(product_ids)})
        return {row[0]: row[1] for row in rows}
