"""Words by the rules of Unicode, stems by Snowball, likeness by RapidFuzz."""

import html
import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import Stemmer
from rapidfuzz.distance import OSA

from ecommerce.adapters.text.heads import HEADS
from ecommerce.domain.shared.text import folded

LANGUAGES: Final[tuple[str, ...]] = tuple(Stemmer.algorithms())
"""The languages whose inflections are known."""

_LONGEST: Final = 64
"""What goes on beyond is no word of any language; two such texts differ before."""

_REMEMBERED: Final = 200_000
"""Stems kept at hand: about 20 MB, and more words than a catalogue of a million products uses."""

_TAG: Final = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ENTITY: Final = re.compile(r"&#?\w+;")
_TRADEMARK: Final = re.compile("[\u2120\u2122]")
"""Signs that folding would turn into letters at the end of a name."""

_ASCII_WORDS: Final = str.maketrans(
    {character: character if character.isalnum() else " " for character in map(chr, range(128))}
)
"""Leaves plain letters and digits between blanks, at a third of what looking for words costs."""

_APOSTROPHE: Final = "['\u2018\u2019\u02bc]"
_WITHIN: Final = re.compile(rf"{_APOSTROPHE}(?:(?<=[^\W_].)s(?![^\W_])|(?<=[^\W\d_].)(?=[^\W\d_]))")


class SnowballAnalyzer:
    """The words of one language: ``LANGUAGES`` has its name."""

    def __init__(self, language: str) -> None:
        stemmer = Stemmer.Stemmer(language)
        # Its own memory is emptied by sorting it, in the middle of an import.
        stemmer.maxCacheSize = 0
        self._stemmer: Final = stemmer
        self._stems: Final[dict[str, str]] = {}
        self._head: Final = HEADS.get(language)

    def words(self, text: str) -> tuple[str, ...]:
        """Runs of letters, their marks and digits. An apostrophe joins, but for a possessive 's,
        which goes; hyphens and slashes part.
        """
        if "<" in text:
            text = _TAG.sub(" ", text)
        if "&" in text:
            text = _ENTITY.sub(_character, text)
        if text.isascii():
            text = text.lower()
            if "'" in text:
                text = _WITHIN.sub("", text)
        else:
            text = _WITHIN.sub("", folded(_TRADEMARK.sub(" ", text)))
        ascii_only = text.isascii()
        found = text.translate(_ASCII_WORDS).split() if ascii_only else _any_words().findall(text)
        if len(text) > _LONGEST and len(max(found, key=len, default="")) > _LONGEST:
            found = [word[:_LONGEST] for word in found]
        return tuple(found)

    def stem(self, word: str) -> str:
        """By Snowball's algorithm; words seen before are remembered."""
        found = self._stems.get(word)
        return self._learned(word) if found is None else found

    def head(self, name: Sequence[str]) -> int | None:
        """By the rule of the language, where there is one."""
        return None if self._head is None else self._head(name)

    def edits(self, one: str, other: str) -> int:
        """By RapidFuzz, which gives up beyond 2."""
        return OSA.distance(one, other, score_cutoff=2)

    def _learned(self, word: str) -> str:
        if len(self._stems) >= _REMEMBERED:
            self._stems.clear()
        stem: str = self._stemmer.stemWord(word)
        self._stems[sys.intern(word)] = sys.intern(stem)
        return stem


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


@cache
def _any_words() -> re.Pattern[str]:
    """Words of any script. Vowel signs that are no letters of their own belong to a word, which
    Python's regular expressions do not know.
    """
    marks = "".join(
        character
        for character in map(chr, range(0x300, 0x20000))
        if unicodedata.category(character).startswith("M") and not unicodedata.combining(character)
    )
    return re.compile(rf"[^\W_]+(?:[{marks}]+[^\W_]*)*")
