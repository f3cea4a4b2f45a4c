"""An operation that takes no body does nothing for a request that has one."""

from typing import Final

import pytest
from tests.http.access.asking import OPERATIONS, WRITES, ask, prepared
from tests.http.access.test_bodies import who
from tests.support.access import AccessShop

WITHOUT_BODY: Final = [name for name in WRITES if OPERATIONS[name].body_schema is None]


def test_there_are_some() -> None:
    assert {"resendVerification", "beginSecondFactor", "deleteProduct"} <= set(WITHOUT_BODY)


@pytest.mark.parametrize("name", WITHOUT_BODY)
async def test_a_body_that_is_not_taken_is_refused_and_nothing_done(
    doors: AccessShop, name: str
) -> None:
    operation, row, known = await prepared(doors, name)
    before = repr(doors.store.committed)
    headers = doors.headers(who(name))
    address = operation.address(known)
    for content, kind in ((b'{"x":1}', "application/json"), (b"{{{", "text/plain"), (b" ", "")):
        answer = await doors.client.request(
            operation.method, address, headers={**headers, "Content-Type": kind}, content=content
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
        assert answer.json()["detail"] == "This operation takes no body."
    assert repr(doors.store.committed) == before
    if row.door != "public":
        answer = await ask(doors, name, "anonymous", known, body={"x": 1})
        assert answer.status_code == 401, "who asks is found out first"
    if row.door == "permission":
        answer = await ask(doors, name, "staff_without", known, body={"x": 1})
        assert answer.status_code == 403
    assert (await ask(doors, name, who(name), known)).status_code == operation.status


@pytest.mark.parametrize("name", WRITES)
async def test_a_body_beyond_the_limit_is_refused_as_the_document_says(
    doors: AccessShop, name: str
) -> None:
    operation, _, known = await prepared(doors, name)
    answer = await doors.client.request(
        operation.method,
        operation.address(known),
        headers={**doors.headers(who(name)), "Content-Length": "999999999"},
        content=b"",
    )
    assert answer.status_code == 413
    assert "payload_too_large" in operation.told["responses"]["413"]["description"]
    assert "request_timeout" in operation.told["responses"]["408"]["description"]
