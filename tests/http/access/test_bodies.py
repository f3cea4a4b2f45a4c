"""What bodies and addresses may not smuggle in: other fields, and ids that are none."""

import copy
from collections.abc import Iterator
from typing import Any, Final, cast

import httpx
import pytest
from tests.http.access.asking import DOCUMENT, KNOWN, OPERATIONS, ask, body_of, prepared
from tests.http.access.given import Known
from tests.http.access.table import ROWS
from tests.support.access import AccessShop, Caller

from ecommerce.adapters.memory.store import Tables
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.postgres.tables import metadata

COLUMNS: Final = sorted({column.name for table in metadata.tables.values() for column in table.c})
WITH_BODY: Final = [name for name in KNOWN if OPERATIONS[name].body_schema is not None]
NAMING: Final = [name for name in KNOWN if OPERATIONS[name].parameters]

Path = tuple[str | int, ...]


def who(name: str) -> Caller:
    """Somebody whom the operation lets in."""
    return "admin" if ROWS[name].door == "permission" else "owner"


def resolved(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A schema without references, and without the ``null`` beside it."""
    while True:
        if "$ref" in schema:
            schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema:
            schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
        else:
            return dict(schema)


def objects(schema: Any, value: Any, path: Path = ()) -> Iterator[tuple[Path, set[str]]]:  # noqa: ANN401 - JSON
    """Every object of a body that has fields of its own, and which."""
    schema = resolved(schema)
    if isinstance(value, dict) and "properties" in schema:
        yield path, set(schema["properties"])
        for name, held in value.items():
            yield from objects(schema["properties"][name], held, (*path, name))
    elif isinstance(value, list) and "items" in schema:
        for place, held in enumerate(value):
            yield from objects(schema["items"], held, (*path, place))


def put(body: Any, path: Path, name: str, value: object) -> Any:  # noqa: ANN401 - JSON
    """A copy of a body with another field in one of its objects."""
    changed = copy.deepcopy(body)
    inner = changed
    for step in path:
        inner = inner[step]
    inner[name] = value
    return changed


@pytest.mark.parametrize("name", WITH_BODY)
async def test_no_column_can_be_written_that_is_no_field(doors: AccessShop, name: str) -> None:
    """Mass assignment: whatever the tables call their columns, a body knows its own fields only."""
    operation, row, known = await prepared(doors, name)
    body = body_of(row, known)
    before = copy.deepcopy(doors.store.committed)
    tried = 0
    for path, fields in objects(operation.body_schema, body):
        for column in COLUMNS:
            if column in fields:
                continue
            answer = await ask(doors, name, who(name), known, body=put(body, path, column, "1"))
            assert answer.status_code == 400, (path, column, answer.text)
            assert column in answer.text
            tried += 1
    assert tried > len(COLUMNS) / 2
    assert same(before, doors.store.committed)


def same(one: Tables, another: Tables) -> bool:
    """Whether nothing was written."""
    return (len(one.audit_records), one.users.keys()) == (
        len(another.audit_records),
        another.users.keys(),
    )


class Looking:
    """Counts how often the shop was looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        visible = vars(InMemoryTransactions)["visible"].fget
        opened = InMemoryTransactions.__call__

        def look(transactions: InMemoryTransactions) -> Tables:
            self.times += 1
            return cast("Tables", visible(transactions))

        def opens(transactions: InMemoryTransactions) -> Any:  # noqa: ANN401 - a context manager of it
            self.times += 1
            return opened(transactions)

        monkeypatch.setattr(InMemoryTransactions, "visible", property(look))
        monkeypatch.setattr(InMemoryTransactions, "__call__", opens)


IDS: Final = ("_id", "_ids", "sku", "email", "token", "slug")


def naming(schema: Any, body: Any) -> Iterator[tuple[Path, str, object]]:  # noqa: ANN401 - JSON
    """Nothing, in the place of each name of a thing that a body holds."""
    for path, _ in objects(schema, body):
        inner, told = body, resolved(schema)
        for step in path:
            inner = inner[step]
            told = resolved(told["items"] if isinstance(step, int) else told["properties"][step])
        for name, property_ in told["properties"].items():
            if not (name == "id" or name.endswith(IDS)):
                continue
            yield path, name, ""
            if resolved(property_).get("type") == "array":
                yield path, name, [""]
                yield path, name, [None]
            nullable = any(each.get("type") == "null" for each in property_.get("anyOf", ()))
            if not nullable and name in inner:
                yield path, name, None


@pytest.mark.parametrize("name", WITH_BODY)
async def test_an_empty_name_in_a_body_is_refused_before_the_shop_is_looked_at(
    doors: AccessShop, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation, row, known = await prepared(doors, name)
    body = body_of(row, known)
    looking = Looking(monkeypatch)
    await asked_with(doors, name, known, [])
    gate = looking.times
    assert gate > 0 or row.door == "public"
    for path, field, nothing in naming(operation.body_schema, body):
        looking.times = 0
        answer = await asked_with(doors, name, known, put(body, path, field, nothing))
        assert answer.status_code == 400, (path, field, nothing, answer.text)
        assert looking.times == gate, (path, field, nothing)


async def asked_with(doors: AccessShop, name: str, known: Known, body: object) -> httpx.Response:
    return await ask(doors, name, who(name), known, body=body)


NOTHING: Final = ("null", "undefined", "none", "0", "-1", "%20", "NaN", "[]", "{}", "*", "%27%22")


@pytest.mark.parametrize("name", NAMING)
async def test_an_address_that_names_nothing_finds_nothing(
    doors: AccessShop, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where only an id can stand, the shop is not even looked at."""
    operation, row, known = await prepared(doors, name)
    if row.door == "public" and not row.fields:
        return
    formats = {
        each["name"]: each["schema"].get("format")
        for each in operation.told["parameters"]
        if each["in"] == "path"
    }
    looking = Looking(monkeypatch)
    for parameter in operation.parameters:
        for nothing in NOTHING:
            looking.times = 0
            answer = await ask(doors, name, who(name), {**known, parameter: nothing})
            assert answer.status_code in {400, 404}, (parameter, nothing, answer.text)
            if formats[parameter] == "uuid" and len(operation.parameters) == 1:
                assert looking.times <= 1, "the gate looks once"
        empty = await ask(doors, name, who(name), {**known, parameter: ""})
        assert empty.status_code == 404
