"""The request as routes see it, and what the edge has noted on it."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, TypeVar, cast
from uuid import UUID

from litestar import Request
from litestar.params import FromPath

from ecommerce.application.shared.actor import Actor

HttpRequest: TypeAlias = Request[Any, Any, Any]
"""A request; its user, auth and state are not used, who is asking comes from ``auth.caller``."""

REQUEST_ID: Final = "ecommerce.request_id"
CALLER: Final = "ecommerce.caller"
CLIENT: Final = "ecommerce.client"
"""The address that a request came from, trusted proxies looked through (``client_of``)."""
RAW_BODY: Final = "ecommerce.body"
CURSORS: Final = "ecommerce.cursors"
KEPT: Final = "ecommerce.kept"
BODY_LIMIT: Final = "ecommerce.body_limit"
ANSWER_HEADERS: Final = "ecommerce.answer_headers"
"""Headers that the answer carries, whatever it will be: raw pairs (``add_to_answer``)."""

LOOK_AGAIN: Final = "ecommerce.look_again"
"""How the gate judges a caller once more, whose body was waited for (``look_again``)."""

LET_IN: Final = "ecommerce.let_in"
"""Set by a server that has asked whether there is room for a request."""

SHED: Final = "ecommerce.shed"
"""Set where a request was refused unseen, because too many were being worked on."""

T = TypeVar("T")

PathText: TypeAlias = FromPath[str]
"""A part of the address; see ``segment`` for one that may hold a slash."""

ESCAPED_SLASH: Final = "\0"
"""What the edge puts in a path for ``%2F``, so that a value may hold a slash without ending there.

A NUL in a path is refused before, so this can only be a slash.
"""


def note(request: HttpRequest, key: str, value: object) -> None:
    """Write something on the request for those that come after."""
    scope = cast("dict[str, object]", request.scope)
    scope[key] = value


def noted(request: HttpRequest, key: str) -> object:
    """What was written on the request, if anything was."""
    return request.scope.get(key)


async def look_again(request: HttpRequest) -> None:
    """Judge the caller by what is so now, as the gate did when the head came."""
    look = cast("Callable[[HttpRequest], Awaitable[None]] | None", noted(request, LOOK_AGAIN))
    if look is not None:
        await look(request)


def header(request: HttpRequest, name: bytes) -> str | None:
    """A header's value; several of one name are joined with commas, as HTTP has it."""
    found: str | None = None
    for key, value in request.scope["headers"]:
        if key == name:
            text = value.decode("latin-1")
            found = text if found is None else f"{found}, {text}"
    return found


def caller_of(scope: object) -> Actor | None:
    """Who is asking, if the gate has found out."""
    actor = scope.get(CALLER) if isinstance(scope, dict) else None
    return actor if isinstance(actor, Actor) else None


def client_of(scope: object) -> str | None:
    """The address that a request came from: the one the edge trusts, else the peer's."""
    if not isinstance(scope, dict):
        return None
    trusted = scope.get(CLIENT)
    if isinstance(trusted, str):
        return trusted
    peer = scope.get("client")
    return None if peer is None else str(peer[0])


def add_to_answer(request: HttpRequest, *headers: tuple[bytes, bytes]) -> None:
    """Have the answer carry these headers, whether it is a success or a refusal."""
    scope = cast("dict[str, object]", request.scope)
    present = cast("tuple[tuple[bytes, bytes], ...]", scope.get(ANSWER_HEADERS, ()))
    scope[ANSWER_HEADERS] = (*present, *headers)


def segment(text: str) -> str:
    """A path parameter as it was meant."""
    return text.replace(ESCAPED_SLASH, "/") if ESCAPED_SLASH in text else text


def uuid_or_none(text: str) -> UUID | None:
    """An id from a path in its one spelling (RFC 9562, lower or upper case, with hyphens)."""
    if len(text) != 36 or not text.isascii():  # noqa: PLR2004 - the length of a written UUID
        return None
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None
