"""The boundary within which a use case's changes happen together or not at all."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar


class Transaction(Protocol):
    """What happens in one transaction; leaving its block without ``commit`` undoes everything."""

    async def commit(self) -> None:
        """Make everything done in this block final.

        Inside another transaction of the same task the outermost one decides: this then only says
        that the inner block is content.
        """
        ...


T_co = TypeVar("T_co", covariant=True)

TransactionFactory = Callable[[], AbstractAsyncContextManager[T_co]]
"""Opens a transaction, or joins the one that the calling task is in already.

A joined block that is left without ``commit`` dooms the whole: the outermost ``commit`` raises.
"""
