"""What a text that is being typed may become: products and categories by name, past queries."""

from collections.abc import Sequence
from itertools import islice
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search.index import SearchIndex
from ecommerce.adapters.postgres.search.inverting import TITLE
from ecommerce.adapters.postgres.search.shortest_names import having, shortest
from ecommerce.adapters.postgres.search.view import View
from ecommerce.adapters.postgres.search.vocabulary import PostgresVocabulary
from ecommerce.application.catalog.queries import (
    CategoryRef,
    ImageView,
    ProductSuggestion,
    Suggestions,
)
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.search.typed import TypedText, typed_texts
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.domain.shared.text import sort_key

_STATUSES: Final = ("active",)
_COMPLETIONS: Final = 50
"""So many words that begin as the last one are looked for, the most frequent first."""

_SPARE: Final = 3
"""So many times more products are read than are shown: a stem stands for more than a beginning."""

_l: Final = t.product_listing.c
_NAMED: Final = Statement(
    sa.select(_l.product_id, _l.slug, _l.name, _l.image_url, _l.image_alt).where(
        _l.product_id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid)))
    )
)


class Suggesting:
    """Answers out of the index: two statements when what it needs of it is in memory."""

    def __init__(
        self, reads: Reads, index: SearchIndex, analyzer: Analyzer, past_queries: PastQueries
    ) -> None:
        self._reads: Final = reads
        self._index: Final = index
        self._analyzer: Final = analyzer
        self._past_queries: Final = past_queries

    async def __call__(self, text: str, limit: int) -> Suggestions:
        """Suggest up to ``limit`` of each kind: the shorter names first."""
        view = await self._index.view()
        vocabulary = PostgresVocabulary(self._reads, self._index, view, self._analyzer)
        products: Sequence[Row] = ()
        categories: Sequence[CategoryRef] = ()
        async for typed in typed_texts(text, self._analyzer, vocabulary):
            categories = list(islice(view.steering.category_names.meant(typed), limit))
            products = await self._products(view, vocabulary, typed, limit)
            if products or categories:
                break
        return Suggestions(
            tuple(
                ProductSuggestion(id_, slug, name, None if url is None else ImageView(url, alt))
                for id_, slug, name, url, alt in products
            ),
            tuple(categories),
            tuple(await self._past_queries.beginning(text, limit)),
        )

    def _is_meant(self, typed: TypedText, name: str) -> bool:
        words = self._analyzer.words(name)
        return typed.names(words, frozenset(map(self._analyzer.stem, words)))

    async def _products(
        self, view: View, vocabulary: PostgresVocabulary, typed: TypedText, limit: int
    ) -> list[Row]:
        wanted = [set(stems) for stems in typed.words]
        known = await vocabulary.beginning(typed.prefix, _COMPLETIONS)
        wanted[-1].update(each.stem for each in known)
        keys = sorted({TITLE + stem for stems in wanted for stem in stems})
        postings = await self._index.postings(view, keys)
        count = limit * _SPARE
        found = []
        for segment, mask in zip(view.segments, view.eligible(_STATUSES), strict=True):
            parts = [[postings[segment.id, TITLE + stem] for stem in stems] for stems in wanted]
            found.append((segment, having(segment, mask, parts, count)))
        ids = [
            *self._pending(view, typed),
            *shortest(found, count, max(map(len, wanted))),
        ]
        rows = await self._reads.all(_NAMED, {"ids": ids}) if ids else []
        rows.sort(key=lambda row: (len(sort_key(row[2])), row[0]))
        return list(islice((row for row in rows if self._is_meant(typed, row[2])), limit))

    def _pending(self, view: View, typed: TypedText) -> list[UUID]:
        """Those that changed since have no posting; all of them are looked at."""
        stem = self._analyzer.stem
        found = []
        for pending, filtered in view.pending:
            words = pending.row.title.split()
            if filtered.status in _STATUSES and typed.names(words, frozenset(map(stem, words))):
                found.append(filtered.id)
        return found
