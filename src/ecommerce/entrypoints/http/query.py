"""Query strings: strictly, into the struct that describes them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin
from urllib.parse import unquote_to_bytes

import msgspec

from ecommerce.domain.shared.errors import Violation
from ecommerce.entrypoints.http.pointers import escape, pointer_of
from ecommerce.entrypoints.http.problem_types import HttpProblemError, malformed
from ecommerce.entrypoints.http.request import HttpRequest

QueryT = TypeVar("QueryT", bound=msgspec.Struct)
Meaning = TypeVar("Meaning")

_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_INTEGER: Final = re.compile(r"^-?[0-9]{1,19}$", re.ASCII)
_BOOLEANS: Final = {"true": True, "false": False}
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_MAX_PARAMETERS: Final = 200
_OFTEN_ASKED: Final = 512
"""Longer queries are not remembered: memory is for what many ask."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    many: bool
    comma: bool
    read: Callable[[str], object] | None


@dataclass(frozen=True, slots=True)
class _Plan:
    fields: Mapping[str, _Field]
    prefix: str | None
    prefix_field: str


def read_query(request: HttpRequest, query_type: type[QueryT]) -> QueryT:
    """The query's parameters as a struct.

    A tuple takes a parameter several times, any other type once; a ``dict`` field named ``attr``
    collects ``attr.{name}``, each several times; a field marked ``x-comma`` splits one value at
    commas. Anything else is a 400 that names the parameter.
    """
    raw: bytes = request.scope["query_string"]
    if len(raw) > _OFTEN_ASKED:
        return _read(query_type, raw)
    return cast("QueryT", _read_often(query_type, raw))


def read_question(
    request: HttpRequest, query_type: type[QueryT], meaning: Callable[[QueryT], Meaning]
) -> tuple[QueryT, Meaning]:
    """The query's parameters, and what they mean to the application, which is found once."""
    raw: bytes = request.scope["query_string"]
    if len(raw) > _OFTEN_ASKED:
        query = _read(query_type, raw)
        return query, meaning(query)
    return cast("tuple[QueryT, Meaning]", _read_meaning(query_type, raw, meaning))


def _read(query_type: type[QueryT], raw: bytes) -> QueryT:
    plan = _plan(query_type)
    values: dict[str, object] = {}
    if raw:
        _collect(raw, plan, values)
    try:
        return msgspec.convert(values, query_type)
    except msgspec.ValidationError as error:
        pointer, detail = pointer_of(error)
        name = pointer.split("/")[1] if pointer else ""
        if plan.prefix is not None and name == plan.prefix_field:
            name = plan.prefix + _wrong_one(query_type, name, values)
        raise wrong_parameter(name, detail) from error


def _wrong_one(query_type: type[msgspec.Struct], field: str, values: Mapping[str, object]) -> str:
    """Which name of a ``dict`` field is wrong, as msgspec does not say; none: all together are."""
    given = cast("Mapping[str, list[str]]", values[field])
    for name, texts in given.items():
        try:
            msgspec.convert({field: {name: texts}}, query_type)
        except msgspec.ValidationError:
            return name
    return ""


@lru_cache(maxsize=2_048)
def _read_often(query_type: type[msgspec.Struct], raw: bytes) -> msgspec.Struct:
    """What was asked before is not taken apart again; queries are frozen, so all may have one."""
    return _read(query_type, raw)


@lru_cache(maxsize=2_048)
def _read_meaning(
    query_type: type[msgspec.Struct], raw: bytes, meaning: Callable[[Any], object]
) -> tuple[msgspec.Struct, object]:
    query = _read(query_type, raw)
    return query, meaning(query)


def _collect(raw: bytes, plan: _Plan, values: dict[str, object]) -> None:
    parts = raw.split(b"&")
    if len(parts) > _MAX_PARAMETERS:
        raise malformed(f"The query has more than {_MAX_PARAMETERS} parameters.")
    for part in parts:
        raw_name, _, raw_value = part.partition(b"=")
        name, value = text_of(raw_name), text_of(raw_value)
        field = plan.fields.get(name)
        if field is None:
            _collect_prefixed(name, value, plan, values)
            continue
        if field.comma:
            read: object = tuple(value.split(","))
        else:
            read = value if field.read is None else field.read(value)
            if read is None:
                raise wrong_parameter(name, f"{value[:50]!r} is not what this parameter takes.")
        if field.many and not field.comma:
            cast("list[object]", values.setdefault(field.name, [])).append(read)
        elif field.name in values:
            raise wrong_parameter(name, "This parameter is taken once.")
        else:
            values[field.name] = read


def _collect_prefixed(name: str, value: str, plan: _Plan, values: dict[str, object]) -> None:
    if plan.prefix is None or not name.startswith(plan.prefix):
        raise wrong_parameter(name, "There is no such parameter.")
    inner = cast("dict[str, list[str]]", values.setdefault(plan.prefix_field, {}))
    inner.setdefault(name[len(plan.prefix) :], []).append(value)


def text_of(raw: bytes) -> str:
    """One percent-encoded part as text, or 400."""
    if b"%" in raw or b"+" in raw:
        if _BAD_ESCAPE.search(raw):
            raise malformed("The query holds a % that is not followed by two hexadecimal digits.")
        raw = unquote_to_bytes(raw.replace(b"+", b" "))
    if b"\0" in raw:
        raise malformed("The query holds a NUL character.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed("The query is not UTF-8.") from error


def wrong_parameter(name: str, detail: str) -> HttpProblemError:
    """A 400 that names a parameter."""
    shown = name[:100]
    return malformed(f"Query parameter {shown!r}: {detail}", Violation(f"/{escape(shown)}", detail))


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.match(text) else None


def _instant(text: str) -> object:
    """In UTC, which not every instant that RFC 3339 can write has room for; what is no instant
    stays what it is, for the struct to say what is wrong with it.
    """
    try:
        return msgspec.convert(text, _Instant).astimezone(UTC)
    except msgspec.ValidationError:
        return text
    except OverflowError:
        return None


def _boolean(text: str) -> bool | None:
    return _BOOLEANS.get(text)


@lru_cache(maxsize=256)
def _plan(query_type: type[msgspec.Struct]) -> _Plan:
    fields: dict[str, _Field] = {}
    prefix: str | None = None
    prefix_field = ""
    for field in msgspec.structs.fields(query_type):
        bare, marks = _bare(field.type)
        if get_origin(bare) is dict:
            prefix, prefix_field = f"{field.encode_name}.", field.encode_name
            continue
        many = get_origin(bare) is tuple
        item, _ = _bare(get_args(bare)[0]) if many else (bare, {})
        reader: Callable[[str], object] | None = None
        if item is int:
            reader = _integer
        elif item is bool:
            reader = _boolean
        elif item is datetime:
            reader = _instant
        fields[field.encode_name] = _Field(
            field.encode_name, many=many, comma=bool(marks.get("x-comma")), read=reader
        )
    return _Plan(fields, prefix, prefix_field)


def _bare(annotation: object) -> tuple[object, Mapping[str, object]]:
    """A type without ``None`` and ``Annotated``, and what its ``Meta`` says beside bounds."""
    marks: dict[str, object] = {}
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *notes = get_args(annotation)
            for note in notes:
                if isinstance(note, msgspec.Meta):
                    marks.update(note.extra or {})
        elif get_origin(annotation) in (Union, UnionType):
            inner = [a for a in get_args(annotation) if a is not type(None)]
            if len(inner) != 1:
                return annotation, marks
            annotation = inner[0]
        else:
            return annotation, marks
