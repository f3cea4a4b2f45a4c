"""What of a view matches a text: by segment, and among what changed since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import search_tables as s
from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search.arrays import INT32, Ords, lacking
from ecommerce.adapters.postgres.search.index import SearchIndex
from ecommerce.adapters.postgres.search.matching import NO_HITS, TextHits, WordSource, text_hits
from ecommerce.adapters.postgres.search.segment import Field, Posting, Segment
from ecommerce.adapters.postgres.search.view import View
from ecommerce.application.catalog import facets
from ecommerce.application.catalog.search.plan import SearchPlan
from ecommerce.application.catalog.search.product import Hit, hit_of, phrase_of
from ecommerce.application.catalog.search.words import Analyzer

_w: Final = s.product_words.c
_SAID: Final = sa.func.concat(" ", _w.title, " \n ", _w.facts, " \n ", _w.body, " ")
_phrase: Final = sa.bindparam("phrase", type_=sa.Text)
_SAYING: Final = Statement(
    sa.select(_w.doc)
    .where(
        _w.doc == sa.any_(sa.bindparam("docs", type_=ARRAY(sa.Integer))),
        sa.func.strpos(_SAID, _phrase) > 0,
    )
    .order_by(_w.doc)
)
"""Which of some docs have a phrase; it reads the words of each."""


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """By segment, and by place among the pending products; ``codes``: the docs of the products of
    which the whole text is a code.
    """

    segments: Sequence[TextHits]
    pending: Sequence[Hit | None]
    codes: Mapping[UUID, int]

    def count(self, view: View, statuses: Sequence[str]) -> int:
        """How many there are that still count and have one of the statuses."""
        masks = view.eligible(statuses)
        found = sum(
            int(np.count_nonzero(mask[hits.ords]))
            for mask, hits in zip(masks, self.segments, strict=True)
        )
        for hit, (_, filtered) in zip(self.pending, view.pending, strict=True):
            found += hit is not None and filtered.status in statuses
        return found


class HitFinder:
    """Carries plans out."""

    def __init__(self, reads: Reads, index: SearchIndex, analyzer: Analyzer) -> None:
        self._reads: Final = reads
        self._index: Final = index
        self._analyzer: Final = analyzer

    async def __call__(self, view: View, plan: SearchPlan) -> Hits:
        """Everything that matches, whatever its status."""
        stem = self._analyzer.stem
        stems = {each for c in plan.clauses for a in c.alternatives for each in a.stems}
        stems.update(stem(words[0]) for words in plan.excluded if len(words) == 1)
        postings = await self._index.postings(view, sorted(stems))
        placed = await self._index.fields(view, facets.CATEGORY)
        found = [
            text_hits(
                WordSource(
                    segment,
                    partial(_posting, postings, segment.id),
                    stem,
                    view.steering.saying,
                    partial(_in_category, placed.get(segment.id)),
                ),
                plan,
            )
            for segment in view.segments
        ]
        for words in plan.phrases:
            found = [
                await self._saying(segment, hits, words, wanted=True)
                for segment, hits in zip(view.segments, found, strict=True)
            ]
        for words in plan.excluded:
            if len(words) > 1:
                found = [
                    await self._saying(segment, hits, words, wanted=False)
                    for segment, hits in zip(view.segments, found, strict=True)
                ]
        codes = await self._index.docs_of(plan.codes) if plan.codes else {}
        return Hits(
            [
                _with(segment, hits, codes.values())
                for segment, hits in zip(view.segments, found, strict=True)
            ],
            [
                hit_of(
                    plan,
                    filtered.id,
                    pending.said,
                    view.steering.impacts_of(pending.row.category_id),
                    self._analyzer,
                )
                for pending, filtered in view.pending
            ],
            codes,
        )

    async def _saying(
        self, segment: Segment, hits: TextHits, words: Sequence[str], *, wanted: bool
    ) -> TextHits:
        if not len(hits.ords):
            return NO_HITS
        docs = segment.docs[hits.ords]
        values = {"docs": docs.tolist(), "phrase": phrase_of(words)}
        rows = await self._reads.all(_SAYING, values)
        saying: Ords = np.fromiter((row[0] for row in rows), INT32, len(rows))
        kept = np.isin(docs, saying, assume_unique=True, invert=not wanted)
        return TextHits(hits.ords[kept], hits.scores[kept])


def _with(segment: Segment, hits: TextHits, docs: Collection[int]) -> TextHits:
    """The hits and some docs, which score nothing unless they are among them."""
    more = lacking(hits.ords, segment.places(docs))
    if not len(more):
        return hits
    ords = np.concatenate([hits.ords, more])
    scores = np.concatenate([hits.scores, np.zeros(len(more), np.int64)])
    order = np.argsort(ords)
    return TextHits(ords[order], scores[order])


def _posting(
    postings: Mapping[tuple[int, str], Posting], segment_id: int, stem: str
) -> Posting | None:
    return postings.get((segment_id, stem))


def _in_category(field: Field | None, category_id: UUID) -> Ords | None:
    return None if field is None else field.having(str(category_id))
