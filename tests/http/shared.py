"""One application for all tests with the same settings: making it takes longer than asking it."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, Final

from litestar.types import ASGIApp, Receive, Scope, Send

from ecommerce.entrypoints.http.app import create_app
from ecommerce.entrypoints.http.services import HttpSettings, Services

_CONTEXTS: Final = ("catalog", "inventory", "merchandising", "identity", "access", "audit")
_ALONE: Final = ("authenticate", "once", "readiness", "scrape", "access_log", "perimeter", "limits")

_here: Final[ContextVar[Services]] = ContextVar("_here")
_made: Final[dict[HttpSettings, ASGIApp]] = {}


class _StandIn:
    """Does what a service of the request at hand does."""

    def __init__(self, find: Callable[[Services], Any]) -> None:
        self._find: Final = find

    def __call__(self, *given: object, **named: object) -> object:
        return self._find(_here.get())(*given, **named)

    def __getattr__(self, name: str) -> object:
        return getattr(self._find(_here.get()), name)


def application(given: Services) -> ASGIApp:
    """The application over these services; several may be asked in turn and at once."""
    assert not given.observers, "nobody stands in for them"
    if given.settings not in _made:
        _made[given.settings] = _over_stand_ins(given)
    shared = _made[given.settings]

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        token = _here.set(given)
        try:
            await shared(scope, receive, send)
        finally:
            _here.reset(token)

    return served


def _over_stand_ins(pattern: Services) -> ASGIApp:
    contexts: dict[str, Any] = {name: _stood_in(getattr(pattern, name), name) for name in _CONTEXTS}
    alone: dict[str, Any] = {name: _StandIn(attrgetter(name)) for name in _ALONE}
    return create_app(replace(pattern, **contexts, **alone))


def _stood_in(context: Any, name: str) -> object:  # noqa: ANN401 - the services of any context
    named = [field.name for field in fields(context)]
    return replace(context, **{each: _StandIn(attrgetter(f"{name}.{each}")) for each in named})
