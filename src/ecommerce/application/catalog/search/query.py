"""Reads what a shopper typed. Any text is good: what means nothing is passed over."""

import re
from dataclasses import dataclass
from typing import Final

from ecommerce.application.catalog.search.words import Analyzer

MAX_QUERY_WORDS: Final = 12
"""A query's first words count, and the first that it excludes: nobody reads what more find."""

_PARTS: Final = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``words`` in order, those of phrases included; ``phrases`` and ``excluded`` each as words.

    ``open_ended``: the last word may go on, as nothing was typed behind it.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    open_ended: bool = False


def parse_query(text: str, analyzer: Analyzer) -> ParsedQuery:
    """Read words, "phrases" and -exclusions."""
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    excluded: list[tuple[str, ...]] = []
    open_ended = False
    for part in _PARTS.finditer(text):
        phrase = part["phrase"]
        found = analyzer.words(part["word"] if phrase is None else phrase)
        if not found:
            continue
        if part["minus"]:
            if len(found) + sum(map(len, excluded)) <= MAX_QUERY_WORDS:
                excluded.append(found)
            continue
        if len(words) >= MAX_QUERY_WORDS:
            break
        if phrase is not None and len(found) > 1 and len(found) <= MAX_QUERY_WORDS:
            phrases.append(found)
        words.extend(found)
        open_ended = phrase is None and part.end() == len(text)
    distinct = tuple(dict.fromkeys(words[:MAX_QUERY_WORDS]))
    # A completion goes with the last of the distinct words, so it must be the one typed last.
    open_ended = open_ended and len(words) <= MAX_QUERY_WORDS and words[-1] == distinct[-1]
    return ParsedQuery(distinct, tuple(phrases), tuple(excluded), open_ended)
