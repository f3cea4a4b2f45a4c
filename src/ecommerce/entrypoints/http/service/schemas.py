"""What the service's own routes answer."""

from typing import Literal

import msgspec


class Health(msgspec.Struct, frozen=True):
    """The service is well."""

    status: Literal["ok"] = "ok"


class ProblemPage(msgspec.Struct, frozen=True):
    """What a refusal means and what to do about it."""

    type: str
    code: str
    status: int
    title: str
    explanation: str


class ProblemList(msgspec.Struct, frozen=True):
    """Every refusal there is."""

    items: tuple[ProblemPage, ...]
