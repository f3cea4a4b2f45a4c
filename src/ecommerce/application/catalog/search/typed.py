"""What a text that is still being typed may mean: names that have its words."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass

from ecommerce.application.catalog.search.planner import Vocabulary, corrections
from ecommerce.application.catalog.search.query import MAX_QUERY_WORDS
from ecommerce.application.catalog.search.words import Analyzer


@dataclass(frozen=True, slots=True)
class TypedText:
    """What a name has to have: for each typed word one of its stems; instead of the last one, a
    word that begins with ``prefix``.
    """

    words: tuple[frozenset[str], ...]
    prefix: str

    def names(self, words: Sequence[str], stems: Collection[str]) -> bool:
        """Whether a name of these words, which have these stems, is meant."""
        *complete, last = self.words
        return all(not each.isdisjoint(stems) for each in complete) and (
            not last.isdisjoint(stems) or any(word.startswith(self.prefix) for word in words)
        )


async def typed_texts(
    text: str, analyzer: Analyzer, vocabulary: Vocabulary
) -> AsyncIterator[TypedText]:
    """What a text means: as it stands, then with its typing errors corrected. Each is looked for
    where the one before names neither product nor category. A text without words means nothing.
    """
    words = tuple(dict.fromkeys(analyzer.words(text)))[:MAX_QUERY_WORDS]
    if not words:
        return
    typed = [frozenset((analyzer.stem(word),)) for word in words]
    yield TypedText(tuple(typed), words[-1])
    meant = [
        stems.union(*(each.stems for each in await corrections(word, analyzer, vocabulary)))
        for word, stems in zip(words, typed, strict=True)
    ]
    if meant != typed:
        yield TypedText(tuple(meant), words[-1])
