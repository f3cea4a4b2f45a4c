"""JSON Schemas of everything that is decoded and encoded, from the very types that do it."""

import inspect
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import msgspec

from ecommerce.entrypoints.http.operation import Operation

Json: TypeAlias = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"


class Violation(msgspec.Struct, frozen=True, omit_defaults=False):
    """One thing that is wrong, and where: an RFC 6901 pointer into the body, or `/parameter`."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True):
    """A refusal (RFC 9457). `type` is the address of a page that explains it; the challenge is
    there where a code of the second factor is needed.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: tuple[Violation, ...] | msgspec.UnsetType = msgspec.UNSET
    challenge_token: str | msgspec.UnsetType = msgspec.UNSET
    challenge_expires_in: int | msgspec.UnsetType = msgspec.UNSET


class Schemas:
    """The schemas of all operations, made at once so that what they share has one name."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        kinds: list[Any] = [Problem]
        for operation in operations:
            kinds += [k for k in (operation.body, operation.returns, operation.query) if k]
        schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
        self._of: Final = dict(zip((_key(kind) for kind in kinds), schemas, strict=True))
        self._components: Final[Json] = {n: _told(s) for n, s in components.items()}
        self._queries: Final[Json] = {}
        for query in {operation.query for operation in operations if operation.query}:
            self._queries[_key(query)] = self._components.pop(self._name(query))

    @property
    def components(self) -> Json:
        """The named schemas."""
        return dict(sorted(self._components.items()))

    def of(self, kind: object) -> Json:
        """The schema of a body or an answer: a reference."""
        found: Json = self._of[_key(kind)]
        return found

    def query(self, kind: type[msgspec.Struct]) -> Json:
        """The properties of a query's struct."""
        found: Json = self._queries[_key(kind)]["properties"]
        return found

    def required(self, kind: type[msgspec.Struct]) -> Sequence[str]:
        """The parameters of a query that have to be there."""
        found: Sequence[str] = self._queries[_key(kind)].get("required", ())
        return found

    def _name(self, kind: object) -> str:
        reference: str = self._of[_key(kind)]["$ref"]
        return reference.rpartition("/")[2]


def _told(schema: Json) -> Json:
    """A named schema with its docstring as prose, and the format of its instants (``..._at``).

    A property marked ``x-pattern`` stands for all whose names match it.
    """
    told = dict(schema)
    for name, value in list(told.get("properties", {}).items()):
        if "x-pattern" in value:
            told.setdefault("patternProperties", {})[value.pop("x-pattern")] = value
            del told["properties"][name]
    if "description" in told:
        told["description"] = inspect.cleandoc(told["description"])
    for name, value in told.get("properties", {}).items():
        if name.endswith("_at"):
            for option in (value, *value.get("anyOf", ())):
                if option.get("type") == "string":
                    option["format"] = "date-time"
    return told


def _key(kind: object) -> str:
    return repr(kind)
