"""Text as people compare it: case and accents folded, the same on every machine and locale."""

import unicodedata
from typing import Final

_NOT_DECOMPOSED: Final = str.maketrans(
    {
        "æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ĸ": "k",
        "ł": "l", "ŋ": "n", "œ": "oe", "ŧ": "t", "ẞ": "ss",
    }
)  # fmt: skip
"""Latin letters that Unicode's decompositions (UAX 15) leave whole."""

_SORT_KEY_LENGTH: Final = 200


def identity_key(text: str) -> str:
    """What makes two codes or addresses the same: NFC and full case folding (Unicode D144)."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def sort_key(text: str) -> str:
    """A key whose code-point order is the order people expect, case and accents folded.

    Compatibility decomposition (UAX 15, NFKD) without combining marks, case folded, cut to 200
    characters. It never leans on a collation of the database.
    """
    if text.isascii():
        return " ".join(text.lower().split())[:_SORT_KEY_LENGTH]
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
    ).casefold()
    return " ".join(bare.translate(_NOT_DECOMPOSED).split())[:_SORT_KEY_LENGTH]
