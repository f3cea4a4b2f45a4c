"""Who may store an answer, and for how long (``Cache-Control``, RFC 9111)."""

from typing import Final

from ecommerce.entrypoints.http.operation import Operation

NO_STORE: Final = b"no-store"
PUBLIC: Final = b"public, no-cache"
PRIVATE: Final = b"private, no-cache"
_FAILED: Final = 400


def storing(operation: Operation | None, *, read: bool, status: int, signed_in: bool) -> bytes:
    """What an answer says that does not say it itself.

    What anybody may read may be stored anywhere, and is asked for again with its ETag each time: a
    write is visible within a second, so nothing is good for longer unasked. What is shown to one
    who signed in, that one may store. Failures, answers to writes, and what is about accounts
    nobody stores.
    """
    if operation is None or not read or status >= _FAILED:
        return NO_STORE
    kind = operation.access.kind
    if kind == "public":
        return PUBLIC
    if kind == "optional":
        return PRIVATE if signed_in else PUBLIC
    return PRIVATE if operation.caller_may_store else NO_STORE
