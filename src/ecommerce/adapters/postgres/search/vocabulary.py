"""The words of the catalogue: those of the segments, of what changed since, and of categories."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import search_tables as s
from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search.index import SearchIndex
from ecommerce.adapters.postgres.search.near_words import near_words
from ecommerce.adapters.postgres.search.view import View
from ecommerce.application.catalog import facets
from ecommerce.application.catalog.search.planner import KnownWord
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.domain.catalog.variant import barcode_key
from ecommerce.domain.shared.text import identity_key

_word: Final = s.search_word.c
_BEGINNING: Final = Statement(
    sa.select(_word.word, _word.stem, _word.products)
    .where(
        _word.word > sa.bindparam("prefix", type_=sa.Text),
        _word.word < sa.bindparam("beyond", type_=sa.Text),
    )
    .order_by(_word.products.desc(), _word.word)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_RESEMBLING: Final = Statement(
    sa.text(
        """
        (
            SELECT word, stem, products FROM search_word
            WHERE word % :word AND length(word) BETWEEN :shortest AND :longest
            ORDER BY similarity(word, :word) DESC, products DESC, word LIMIT 60
        )
        UNION SELECT word, stem, products FROM search_word WHERE word = ANY (:near)
        """
    ).bindparams(
        sa.bindparam("near", type_=ARRAY(sa.Text)),
        sa.bindparam("word", type_=sa.Text),
        sa.bindparam("shortest", type_=sa.Integer),
        sa.bindparam("longest", type_=sa.Integer),
    )
)
_CODED: Final = Statement(
    sa.union(
        sa.select(t.variant.c.product_id).where(
            t.variant.c.sku_key == sa.bindparam("key", type_=sa.Text)
        ),
        sa.select(t.variant.c.product_id).where(
            t.variant.c.barcode.is_not(None),
            sa.literal_column(t.BARCODE_KEY) == sa.bindparam("barcode", type_=sa.Text),
        ),
    )
)
_LONGEST_CODE: Final = 255
_LAST: Final = "\U0010ffff"
_MAY_DIFFER: Final = 2


class PostgresVocabulary:
    """Answers for one search, out of one view of the index."""

    def __init__(self, reads: Reads, index: SearchIndex, view: View, analyzer: Analyzer) -> None:
        self._reads: Final = reads
        self._index: Final = index
        self._view: Final = view
        self._analyzer: Final = analyzer

    async def count(self) -> int:
        """Count what the segments have, and what changed."""
        return self._view.count

    async def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """Add up the postings, which the search needs next anyway."""
        view = self._view
        postings = await self._index.postings(view, list(dict.fromkeys(stems)))
        placed = await self._index.fields(view, facets.CATEGORY)
        found: dict[str, int] = {}
        for stem in stems:
            number = sum(len(postings[each.id, stem].ords) for each in view.segments)
            for category_id in view.steering.saying(stem):
                for field in placed.values():
                    ords = None if field is None else field.having(str(category_id))
                    number += 0 if ords is None else len(ords)
            for pending, _ in view.pending:
                number += stem in pending.said.impacts or stem in view.steering.impacts_of(
                    pending.row.category_id
                )
            if number:
                found[stem] = number
        return found

    async def beginning(self, prefix: str, limit: int) -> Sequence[KnownWord]:
        """Look among the words of segments by their index, and at the others one by one."""
        values = {"prefix": prefix, "beyond": prefix + _LAST, "limit": limit}
        known = await self._index.words(self._view, _BEGINNING, (prefix, limit), lambda: values)
        others = self._others(self._view.other_words_beginning(prefix))
        return _merged([*known, *others])[:limit]

    async def resembling(self, word: str) -> Sequence[KnownWord]:
        """Look among the words of segments for all that one error makes, and by trigrams (pg_trgm)
        for those of two errors that are still much alike; the others are few.
        """
        shortest, longest = len(word) - _MAY_DIFFER, len(word) + _MAY_DIFFER
        known = await self._index.words(
            self._view,
            _RESEMBLING,
            word,
            lambda: {
                "word": word,
                "shortest": shortest,
                "longest": longest,
                "near": near_words(word),
            },
        )
        others = self._others(
            each for each in self._view.other_words() if shortest <= len(each) <= longest
        )
        return _merged([*known, *others])

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """As the view has them."""
        return self._view.steering.synonyms

    async def coded(self, text: str) -> Sequence[UUID]:
        """Ask the indexes of SKUs and barcodes."""
        if not text or len(text) > _LONGEST_CODE:
            return ()
        rows = await self._reads.all(
            _CODED, {"key": identity_key(text), "barcode": barcode_key(text)}
        )
        return sorted(row[0] for row in rows)

    def _others(self, words: Iterable[str]) -> Iterable[KnownWord]:
        numbers = self._view.other_words()
        return (KnownWord(word, self._analyzer.stem(word), numbers[word]) for word in words)


def _merged(known: Iterable[KnownWord]) -> list[KnownWord]:
    """The most frequent first, each word once."""
    by_word: dict[str, KnownWord] = {}
    for each in known:
        before = by_word.get(each.word)
        number = each.products + (0 if before is None else before.products)
        by_word[each.word] = KnownWord(each.word, each.stem, number)
    return sorted(by_word.values(), key=lambda each: (-each.products, each.word))
