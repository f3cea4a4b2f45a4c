"""The access matrix: every operation of the document, asked by every kind of caller."""

import re
from typing import Any

import pytest
from tests.http.access.asking import DOCUMENT, KNOWN, OPERATIONS, WRITES, ask, prepared
from tests.http.access.given import Known
from tests.http.access.table import OK, ROWS, Door
from tests.support.access import ABSENT, CALLERS, AccessShop, Caller

from ecommerce.application.shared.origin import Principal


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert sorted(ROWS) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", KNOWN)
def test_the_row_and_the_document_speak_of_the_same_door(name: str) -> None:
    doors: dict[Door, object] = {
        "public": [],
        "optional": [{}, {"bearer": []}],
        "signed_in": [{"bearer": []}],
        "own": [{"bearer": []}],
        "permission": [{"bearer": []}],
    }
    row, operation = ROWS[name], OPERATIONS[name]
    assert operation.told["security"] == doors[row.door]
    assert operation.permission == row.permission


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("name", KNOWN)
async def test_it_lets_in_whom_it_should(doors: AccessShop, name: str, caller: Caller) -> None:
    operation, row, known = await prepared(doors, name)
    expected = row.expected(caller)
    answer = await ask(doors, name, caller, known)
    assert answer.status_code == (operation.status if expected == OK else expected), answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer ")


CLOSED = [name for name in KNOWN if ROWS[name].door in ("own", "permission")]
NAMING = [name for name in CLOSED if OPERATIONS[name].parameters]


def without_ids(text: str, known: Known) -> str:
    """An answer without what only this request or this thing is called."""
    for value in (*known.values(), ABSENT):
        text = text.replace(value, "…")
    return re.sub(r'"request_id":"[^"]*"', "", text)


@pytest.mark.parametrize("name", NAMING)
async def test_who_is_shut_out_cannot_tell_what_is_there(doors: AccessShop, name: str) -> None:
    """Of somebody else's, or of what needs a permission, one learns nothing by asking."""
    operation, row, known = await prepared(doors, name)
    nothing = {**known, **dict.fromkeys(operation.parameters, ABSENT)}
    for caller in CALLERS:
        if row.expected(caller) == OK:
            continue
        there = await ask(doors, name, caller, known)
        absent = await ask(doors, name, caller, nothing)
        assert there.status_code == absent.status_code, caller
        assert without_ids(there.text, known) == without_ids(absent.text, known), caller
        assert set(there.headers) == set(absent.headers), caller


@pytest.mark.parametrize(
    "name", [n for n in KNOWN if len(OPERATIONS[n].parameters) > 1 or ROWS[n].door == "own"]
)
async def test_what_hangs_on_another_reads_like_what_is_absent(
    doors: AccessShop, name: str
) -> None:
    """A part asked for under a whole that it does not belong to is not found there."""
    operation, row, known = await prepared(doors, name)
    caller: Caller = "owner" if row.door == "own" else "admin"
    nothing = await ask(doors, name, caller, {**known, operation.parameters[-1]: ABSENT})
    assert nothing.status_code == 404
    if len(operation.parameters) > 1:
        whole = operation.parameters[0]
        other = await doors.made(
            f"/v1/{whole.removesuffix('_id')}s",
            {"name": "Other", "variants": [{"sku": "O-1", "price": _PRICE}]},
        )
        elsewhere = await ask(doors, name, caller, {**known, whole: other["id"]})
        assert elsewhere.status_code == 404
        assert without_ids(elsewhere.text, known) == without_ids(nothing.text, known)


_PRICE = {"amount": 1, "currency": "USD"}


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_leaves_its_record(doors: AccessShop, name: str) -> None:
    """Who, what, and in which request; a new write without a record fails here."""
    _, row, known = await prepared(doors, name)
    assert (row.audit is None) is not (row.unaudited is None), "say which record it leaves, or why"
    caller: Caller = "staff_with" if row.door == "permission" else "owner"
    await leaves_its_record(doors, name, caller, known, Principal("user", str(doors.users[caller])))


@pytest.mark.parametrize(
    "name",
    [n for n in WRITES if ROWS[n].door == "permission" and ROWS[n].expected("api_key") == OK],
)
async def test_what_a_machine_writes_is_the_keys_and_not_its_makers(
    doors: AccessShop, name: str
) -> None:
    _, _, known = await prepared(doors, name)
    key = Principal("api_key", str(doors.key_id))
    await leaves_its_record(doors, name, "api_key", known, key)


async def leaves_its_record(
    doors: AccessShop, name: str, caller: Caller, known: Known, by: Principal
) -> None:
    """The write does what it should, and the log says whose it was."""
    row = ROWS[name]
    before = len(doors.store.committed.audit_records)
    answer = await ask(doors, name, caller, known, request_id="asked-once")
    assert answer.is_success, answer.text

    written = doors.store.committed.audit_records[before:]
    assert [record.action for record in written][:1] == [row.audit][: 0 if row.audit is None else 1]
    for record in written:
        assert record.request_id == "asked-once"
        assert record.client == "127.0.0.1"
        if row.door != "public":
            assert record.principal == by


@pytest.mark.parametrize("name", [n for n in WRITES if ROWS[n].door == "permission"])
async def test_a_write_that_is_refused_leaves_none(doors: AccessShop, name: str) -> None:
    _, _, known = await prepared(doors, name)
    before = len(doors.store.committed.audit_records)
    for caller in ("anonymous", "owner", "staff_without", "disabled", "expired"):
        await ask(doors, name, caller, known)
    assert len(doors.store.committed.audit_records) == before


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without its reference."""
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = {**DOCUMENT["components"]["schemas"][name]}
    return schema


def strangers(schema: dict[str, Any], value: object, at: str = "") -> list[str]:
    """What an answer holds and its schema does not, and what it lacks."""
    schema = resolved(schema)
    options = schema.get("anyOf")
    if options is not None:
        return min((strangers(each, value, at) for each in options), key=len)
    if isinstance(value, list):
        return [s for n, each in enumerate(value)
                for s in strangers(schema.get("items", {}), each, f"{at}/{n}")]  # fmt: skip
    if not isinstance(value, dict):
        kinds = schema.get("type")
        return [] if kinds is None or (value is None) is (kinds == "null") else [at]
    if schema.get("type", "object") != "object":
        return [at]
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties")
    found = [f"{at}/{n} lacks" for n in schema.get("required", ()) if n not in value]
    for name, held in value.items():
        if name in properties:
            found += strangers(properties[name], held, f"{at}/{name}")
        elif rest is None and properties:
            found.append(f"{at}/{name}")
    return found


@pytest.mark.parametrize("name", [n for n in KNOWN if ROWS[n].fields])
async def test_an_answer_holds_its_schemas_fields_and_no_other(
    doors: AccessShop, name: str
) -> None:
    operation, row, known = await prepared(doors, name)
    callers: tuple[Caller, ...] = ("owner",) if row.door == "own" else ("owner", "admin")
    for caller in callers:
        if row.expected(caller) != OK:
            continue
        _, _, known = await prepared(doors, name)
        answer = await ask(doors, name, caller, known)
        content = operation.told["responses"][str(operation.status)].get("content")
        if content is None:
            assert answer.content == b""
        else:
            schema = content["application/json"]["schema"]
            assert strangers(schema, answer.json()) == [], answer.text


def test_a_field_too_many_would_be_seen() -> None:
    schema = {"$ref": "#/components/schemas/Problem"}
    whole = {"type": "", "title": "", "status": 1, "detail": "", "code": "", "request_id": ""}
    assert strangers(schema, whole) == []
    assert strangers(schema, {**whole, "password_hash": ""}) == ["/password_hash"]
    assert strangers(schema, {"type": ""}) != []
    assert strangers(schema, {**whole, "errors": [{"pointer": "", "detail": "", "x": 1}]}) == [
        "/errors/0/x"
    ]
