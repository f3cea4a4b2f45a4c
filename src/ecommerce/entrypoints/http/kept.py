"""Answers kept for as long as the result lives that they were made of.

A result that is read again and is the same object, as one from a cache is, was encoded, hashed and
given its cursors before. Nothing here lengthens a result's life, so whoever keeps results decides
how much is kept, and a result nobody keeps takes its answer with it at once.
"""

import weakref
from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

from ecommerce.entrypoints.http.answers import (
    Answer,
    Headers,
    encode,
    tagged_answer,
    unless_known,
)
from ecommerce.entrypoints.http.etag import State
from ecommerce.entrypoints.http.request import KEPT, HttpRequest, noted


class _Reference(weakref.ref[object]):
    """A weak reference that remembers where it is kept."""

    __slots__ = ("key",)

    key: int


_Kept: TypeAlias = tuple[_Reference, object, Answer]


class KeptAnswers:
    """One answer for each result: the one last given, with what it was asked by."""

    def __init__(self) -> None:
        self._kept: Final[dict[int, _Kept]] = {}

    def find(self, result: object, asked: object) -> Answer | None:
        """The answer made of this very result when the same was asked."""
        kept = self._kept.get(id(result))
        if kept is None or kept[0]() is not result or kept[1] != asked:
            return None
        return kept[2]

    def keep(self, result: object, asked: object, answer: Answer) -> None:
        """Keep an answer; of a result that cannot be referred to weakly, nothing is kept."""
        try:
            reference = _Reference(result, self._gone)
        except TypeError:
            return
        reference.key = id(result)
        self._kept[reference.key] = reference, asked, answer

    def _gone(self, reference: weakref.ref[object]) -> None:
        if isinstance(reference, _Reference):
            kept = self._kept.get(reference.key)
            if kept is not None and kept[0] is reference:
                del self._kept[reference.key]

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._kept)


def kept_answer(
    request: HttpRequest, result: object, asked: object, make: Callable[[], Answer]
) -> Answer:
    """The answer kept of a result for what is asked, or a new one; 304 when the client has it."""
    kept = cast("KeptAnswers", noted(request, KEPT))
    answer = kept.find(result, asked)
    if answer is None:
        answer = make()
        kept.keep(result, asked, answer)
    return unless_known(request, answer)


def kept_read(
    request: HttpRequest,
    value: Any,  # noqa: ANN401 - any view can be encoded
    *,
    state: State | None = None,
    headers: Headers = (),
) -> Answer:
    """A read with its ETag, as ``read_answer`` gives it, encoded once for each result."""
    return kept_answer(
        request,
        value,
        headers,
        lambda: tagged_answer(encode(value), state=state, headers=headers),
    )
