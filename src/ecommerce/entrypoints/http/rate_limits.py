"""How many requests of each kind a caller may make, and what the answer says of it.

The headers are those of draft-ietf-httpapi-ratelimit-headers, in the form it has since its 9th
version: ``RateLimit-Policy`` names the limit, ``RateLimit`` what is left of it.
"""

from collections.abc import Mapping
from math import ceil
from typing import Final, get_args

from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.pacing import Pace, Rate, Standing
from ecommerce.entrypoints.http.client_address import client_group
from ecommerce.entrypoints.http.operation import Operation, PaceGroup
from ecommerce.entrypoints.http.problem_types import RATE_LIMITED, HttpProblemError
from ecommerce.entrypoints.http.request import HttpRequest, add_to_answer, client_of

OFF: Final = "off"
DEFAULTS: Final[Mapping[str, Rate]] = {
    "reads": Rate(6_000, 60),
    "writes": Rate(1_200, 60),
    "bulk": Rate(60, 60),
    "sign_in": Rate(30, 60),
    "register": Rate(30, 600),
    "mail": Rate(10, 600),
    "tokens": Rate(120, 60),
}
"""What nobody who shops, or works in the shop, comes near."""

_OF_CLIENTS: Final = frozenset({"sign_in", "register", "mail", "tokens"})
"""Limited by client, whoever says they are: here one may say so of oneself."""

_EXACT: Final = frozenset({"sign_in", "register", "mail"})
"""Counted together by all processes. The others are too many to ask a database about each."""


class RateLimits:
    """Budgets by group of routes and by principal: an account, an API key, or for others a client's
    address.
    """

    def __init__(
        self, rates: Mapping[str, Rate], *, exact: Pace, own: Pace, processes: int = 1
    ) -> None:
        self._groups: Final = {
            name: _Group(name, rate, exact)
            if name in _EXACT
            else _Group(name, _share(rate, processes), own)
            for name, rate in rates.items()
        }

    @classmethod
    def off(cls) -> "RateLimits":
        """No limits at all."""
        return cls({}, exact=_Nothing(), own=_Nothing())

    async def take(self, request: HttpRequest, operation: Operation, actor: Actor | None) -> None:
        """Count a request; refuse it with 429 once the budget is used up."""
        name = operation.pace or ("reads" if request.method == "GET" else "writes")
        group = self._groups.get(name)
        if group is None:
            return
        if actor is None or name in _OF_CLIENTS:
            who = client_group(client_of(request.scope) or "unknown")
        else:
            who = actor.principal
        standing = await group.pace.take(f"{name}:{who}", group.rate)
        add_to_answer(request, group.policy, group.left(standing))
        if not standing.allowed:
            raise HttpProblemError(
                RATE_LIMITED,
                f"No more than {group.rate.quota} in {group.rate.seconds} seconds.",
                headers=(("Retry-After", str(max(1, ceil(standing.retry_after)))),),
            )


class _Group:
    """One limit, and its headers as far as they are always the same."""

    __slots__ = ("_name", "pace", "policy", "rate")

    def __init__(self, name: str, rate: Rate, pace: Pace) -> None:
        self._name = f'"{name}"'
        self.pace = pace
        self.rate = rate
        self.policy = (
            b"ratelimit-policy",
            f'"{name}";q={rate.quota};w={rate.seconds}'.encode(),
        )

    def left(self, standing: Standing) -> tuple[bytes, bytes]:
        """What is left, and in how many seconds all of it is there again."""
        text = f"{self._name};r={standing.remaining};t={ceil(standing.reset)}"
        return b"ratelimit", text.encode()


class _Nothing:
    async def take(self, key: str, rate: Rate) -> Standing:  # noqa: ARG002
        """Never asked."""
        raise LookupError(key)


def parse_rates(text: str) -> Mapping[str, Rate]:
    """Read ``off``, or changes to the defaults: ``reads=600/60,bulk=off``; ``ValueError``."""
    if text.strip() == OFF:
        return {}
    rates = dict(DEFAULTS)
    for part in text.split(","):
        if not part.strip():
            continue
        name, _, value = (word.strip() for word in part.partition("="))
        if name not in DEFAULTS:
            raise ValueError(f"{name!r} is no group of routes")
        if value == OFF:
            rates.pop(name, None)
        else:
            rates[name] = _rate(value)
    return rates


def _rate(text: str) -> Rate:
    quota, _, seconds = text.partition("/")
    rate = Rate(int(quota), int(seconds))
    if rate.quota not in _QUOTAS or rate.seconds not in _SECONDS:
        raise ValueError(f"{text!r} is out of bounds")
    return rate


def _share(rate: Rate, processes: int) -> Rate:
    """What one of several processes may grant, when each counts what comes to itself."""
    return Rate(ceil(rate.quota / processes), rate.seconds)


_QUOTAS: Final = range(1, 1_000_001)
_SECONDS: Final = range(1, 86_401)

if set(DEFAULTS) != set(get_args(PaceGroup)) - {"none"}:
    raise RuntimeError("Each group of requests has a rate.")
