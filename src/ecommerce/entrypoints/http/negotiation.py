"""``Accept``: which of the forms a page has is wanted (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

from ecommerce.entrypoints.http.problem_types import NOT_ACCEPTABLE, HttpProblemError
from ecommerce.entrypoints.http.request import HttpRequest, header


def preferred(request: HttpRequest, offered: Sequence[str]) -> str:
    """The offered type that the request likes best, the first of equals; 406 when it likes none."""
    given = header(request, b"accept")
    if given is None or not given.strip():
        return offered[0]
    best = max(offered, key=lambda kind: _quality(given, kind))
    if _quality(given, best) == 0:
        raise HttpProblemError(NOT_ACCEPTABLE, f"This page comes as {' or '.join(offered)}.")
    return best


def _quality(accept: str, kind: str) -> float:
    """How much a type is liked: that of the most specific range that names it."""
    found, specific = 0.0, -1
    main = kind.partition("/")[0]
    ranks = {"*/*": 0, f"{main}/*": 1, kind: 2}
    for entry in accept.lower().split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        rank = ranks.get(name, -1)
        if rank > specific:
            found, specific = _q(parameters), rank
    return found


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
