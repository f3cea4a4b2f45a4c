"""What shoppers searched for before."""

from collections.abc import Sequence
from typing import Final, Protocol

ASKED_OFTEN: Final = 3
"""A text is suggested to others once it was asked this many times: it may be somebody's secret."""

MAX_NOTED: Final = 100
"""Texts of more characters are not remembered; nobody types them twice."""


class PastQueries(Protocol):
    """The texts that found something. Two are the same when their ``sort_key`` is."""

    def note(self, text: str, found: int) -> None:
        """Remember that a text was asked and found so many products; one that found none, is blank
        or longer than ``MAX_NOTED`` is forgotten. It returns at once and never fails.
        """
        ...

    async def beginning(self, prefix: str, limit: int) -> Sequence[str]:
        """The texts asked ``ASKED_OFTEN`` at least that begin with a prefix, both folded by
        ``sort_key``: those most asked first, equals by code point. Nothing begins blank.
        """
        ...
