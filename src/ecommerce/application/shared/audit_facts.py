"""The facts of an audit entry: flat, short, and without secrets."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias
from uuid import UUID

Fact: TypeAlias = str | int | float | bool | UUID | datetime | Enum | tuple[object, ...] | None
"""A value: written as it is where JSON has it, as text otherwise."""

Facts: TypeAlias = Mapping[str, Fact]
"""Values by name; what lies deeper has a dotted name (``attributes.colour``)."""

KeptFact: TypeAlias = str | int | float | bool | tuple[str, ...] | None
KeptFacts: TypeAlias = Mapping[str, KeptFact]
"""Facts as they are kept."""

MAX_FACTS: Final = 40
MAX_TEXT: Final = 200
MAX_PARTS: Final = 20
MAX_SIZE: Final = 8_000
"""Characters of an entry's facts on either side, about."""

LEFT_OUT: Final = "…"
"""The name under which an entry says how many facts it has no room for."""

HIDDEN: Final = "[hidden]"
_SECRET: Final = re.compile(r"passw|secret|token|hash|private|credential|authorization|otp|recovery"
                            r"|^(api_?)?key$")  # fmt: skip
_AS_THEY_ARE: Final = (bool, int, float)
_MAX_NAME: Final = 100


def bounded(facts: Facts | None) -> KeptFacts | None:
    """Facts cut to what an entry has room for, whatever a secret may be under blotted out."""
    if facts is None:
        return None
    kept: dict[str, KeptFact] = {}
    size = 0
    for name, fact in facts.items():
        value = HIDDEN if _secret(name) else _kept(fact)
        size += len(name) + (sum(map(len, value)) if isinstance(value, tuple) else len(str(value)))
        if len(kept) == MAX_FACTS or size > MAX_SIZE:
            kept[LEFT_OUT] = len(facts) - len(kept)
            break
        kept[_cut(name, _MAX_NAME)] = value
    return kept


def differences(before: Facts, after: Facts) -> tuple[Facts, Facts]:
    """Those facts that are not the same on both sides; one that a side lacks is ``None`` there."""
    names = [name for name in {**before, **after} if _other(before.get(name), after.get(name))]
    return (
        {name: before.get(name) for name in names},
        {name: after.get(name) for name in names},
    )


@lru_cache(maxsize=1_024)
def _secret(name: str) -> bool:
    return _SECRET.search(name.rpartition(".")[2].casefold()) is not None


def _other(one: Fact, another: Fact) -> bool:
    return one != another or type(one) is not type(another)


def _kept(fact: Fact) -> KeptFact:
    if isinstance(fact, str):
        return _cut(fact, MAX_TEXT)
    if fact is None or isinstance(fact, _AS_THEY_ARE):
        return fact
    if isinstance(fact, tuple):
        parts = [_cut(str(part), MAX_TEXT) for part in fact[:MAX_PARTS]]
        if len(fact) > MAX_PARTS:
            parts.append(f"{LEFT_OUT} {len(fact) - MAX_PARTS} more")
        return tuple(parts)
    return _cut(str(fact.value if isinstance(fact, Enum) else fact), MAX_TEXT)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}{LEFT_OUT}"
