"""Text as people compare it: case and accents folded, the same on every machine and locale."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_NOT_DECOMPOSED: Final = str.maketrans(
    {
        "æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ĸ": "k",
        "ł": "l", "ŋ": "n", "œ": "oe", "ŧ": "t", "ẞ": "ss",
    }
)  # fmt: skip
"""Latin letters that Unicode's decompositions (UAX 15) leave whole."""

_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]{1,32}")
_SORT_KEY_LENGTH: Final = 200


def composed(text: str) -> str:
    """Text in its one spelling (UAX 15, NFC): what looks the same is the same."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def identity_key(text: str) -> str:
    """What makes two codes or addresses the same: NFC and full case folding (Unicode D144)."""
    if text.isascii():
        return text.lower()
    return composed(composed(text).casefold())


def folded(text: str) -> str:
    """Text without what people pass over when they compare: case, accents, ways of writing.

    Compatibility decomposition (UAX 15, NFKD) without combining marks, case folded.
    """
    if text.isascii():
        return text.lower()
    # Bytes know ASCII's capitals only. Every other character is folded by itself, so parts may be
    # cut anywhere, and there are few different ones.
    lowered = text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")
    return _NOT_ASCII.sub(_folded_part, lowered)


def _folded_part(part: re.Match[str]) -> str:
    return _folded(part[0])


@lru_cache(maxsize=8_192)
def _folded(part: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", part) if not unicodedata.combining(c))
    return bare.casefold().translate(_NOT_DECOMPOSED)


def sort_key(text: str) -> str:
    """A key whose code-point order is the order people expect, case and accents folded.

    It is ``folded``, blanks made one, cut to 200 characters, and never leans on a collation of the
    database.
    """
    return " ".join(folded(text).split())[:_SORT_KEY_LENGTH]
