"""Accounts over HTTP: confirming, resetting, sessions, addresses, users, leaving."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from tests.http.conftest import client_of, services
from tests.support.identity import PASSWORD, Identity, identity_in_memory
from tests.support.letters import token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.shared.idempotency import Once
from ecommerce.domain.identity.attempts import OWN
from ecommerce.domain.identity.user import Role

ANOTHER = "patterns of algebra"
ABSENT = "019a8f00-5a00-7000-8000-000000000001"
ADDRESS: dict[str, Any] = {
    "full_name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "country": "GB",
}
FULL: dict[str, Any] = {
    **ADDRESS,
    "company": "Analytical Engines",
    "line2": "2nd floor",
    "region": "Greater London",
    "postal_code": "SW1Y 4JH",
    "phone": "+44 20 7946 0958",
    "default_shipping": False,
    "default_billing": True,
}


class World:
    """A client of a shop, what the shop stands on, and who is signed in."""

    def __init__(self, client: httpx.AsyncClient, identity: Identity, store: MemoryStore) -> None:
        self.client, self.identity, self.store = client, identity, store

    async def register(self, email: str = "ada@example.com", **more: str) -> dict[str, Any]:
        body = {"email": email, "password": PASSWORD, **more}
        made = await self.client.post("/v1/auth/register", json=body)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    async def sign_in(
        self, email: str = "ada@example.com", password: str = PASSWORD, agent: str = "curl/8.1"
    ) -> dict[str, str]:
        answer = await self.client.post(
            "/v1/auth/login",
            json={"email": email, "password": password},
            headers={"User-Agent": agent},
        )
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def somebody(self, email: str, role: Role = Role.CUSTOMER) -> dict[str, str]:
        user = await self.register(email)
        for each in self.store.committed.users.values():
            if str(each.id) == user["id"]:
                each.role = role
        return await self.sign_in(email)

    def token(self, kind: str) -> str:
        return token_in(written(self.store, kind)[-1])


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    identity, store = identity_in_memory()
    assert isinstance(identity.transactions, InMemoryTransactions)
    given = replace(
        services(store),
        authenticate=identity.authenticate,
        once=Once(identity.transactions),
        identity=identity.services(),
    )
    async with client_of(given) as client:
        yield World(client, identity, store)


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_address_is_confirmed(world: World) -> None:
    await world.register()
    mine = await world.sign_in()
    first = world.token("verify_email")
    again = await world.client.post("/v1/auth/verify-email/resend", headers=mine)
    assert (again.status_code, again.content) == (202, b"")
    verify = "/v1/auth/verify-email"
    body = {"token": world.token("verify_email")}
    done = await world.client.post(verify, json=body)
    assert (done.status_code, done.content) == (204, b"")
    assert (await world.client.get("/v1/me", headers=mine)).json()["email_verified"] is True
    for token in (first, body["token"]):
        refused(await world.client.post(verify, json={"token": token}), 422, "unusable_token")
    late = await world.client.post("/v1/auth/verify-email/resend", headers=mine)
    refused(late, 409, "email_already_verified")


async def test_a_forgotten_password_is_reset(world: World) -> None:
    await world.register()
    mine = await world.sign_in()
    said = []
    for email in ("ADA@example.com", "nobody@example.com", "no address"):
        answer = await world.client.post("/v1/auth/password/forgot", json={"email": email})
        said.append((answer.status_code, answer.content, sorted(answer.headers)))
        while await world.identity.answer_reset_request():
            pass
    assert said == [(202, b"", said[0][2])] * 3
    assert len(written(world.store, "reset_password")) == 1
    token = world.token("reset_password")
    reset = "/v1/auth/password/reset"
    weak = await world.client.post(reset, json={"token": token, "password": "password123"})
    refused(weak, 422, "weak_password")
    done = await world.client.post(reset, json={"token": token, "password": ANOTHER})
    assert (done.status_code, done.content) == (204, b"")
    refused(await world.client.get("/v1/me", headers=mine), 401, "session_ended")
    await world.sign_in(password=ANOTHER)
    used = await world.client.post(reset, json={"token": token, "password": PASSWORD})
    refused(used, 422, "unusable_token")


async def test_a_password_is_changed(world: World) -> None:
    await world.register()
    other, mine = await world.sign_in(), await world.sign_in()

    async def change(current: str, new: str) -> httpx.Response:
        body = {"current_password": current, "new_password": new}
        return await world.client.put("/v1/me/password", json=body, headers=mine)

    wrong = await change("wrong", ANOTHER)
    refused(wrong, 422, "wrong_password")
    assert wrong.json()["errors"][0]["pointer"] == "/current_password"
    refused(await change(PASSWORD, "adalovel"[:7]), 422, "weak_password")
    assert (await change(PASSWORD, ANOTHER)).status_code == 204
    assert (await world.client.get("/v1/me", headers=mine)).status_code == 200
    refused(await world.client.get("/v1/me", headers=other), 401, "session_ended")
    await world.sign_in(password=ANOTHER)


async def test_guessing_the_present_password_is_slowed_down_in_that_session_alone(
    world: World,
) -> None:
    await world.register()
    stolen, mine = await world.sign_in(), await world.sign_in()

    async def change(headers: dict[str, str], current: str) -> httpx.Response:
        body = {"current_password": current, "new_password": ANOTHER}
        return await world.client.put("/v1/me/password", json=body, headers=headers)

    for _ in range(OWN.free):
        refused(await change(stolen, "a wrong guess"), 422, "wrong_password")
    verified = world.identity.hasher.verified
    early = await change(stolen, PASSWORD)
    refused(early, 429, "too_many_attempts")
    assert early.headers["retry-after"] == "1"
    assert world.identity.hasher.verified == verified, "nothing is hashed meanwhile"
    world.identity.clock.move(timedelta(seconds=1))
    refused(await change(stolen, "a wrong guess"), 422, "wrong_password")
    assert (await change(stolen, "a wrong guess")).headers["retry-after"] == "2"

    await world.sign_in()
    assert (await change(mine, PASSWORD)).status_code == 204
    refused(await world.client.get("/v1/me", headers=stolen), 401, "session_ended")


async def test_a_new_password_that_will_not_do_is_no_failure(world: World) -> None:
    await world.register()
    mine = await world.sign_in()
    body = {"current_password": PASSWORD, "new_password": "password123"}
    for _ in range(OWN.free + 1):
        answer = await world.client.put("/v1/me/password", json=body, headers=mine)
        refused(answer, 422, "weak_password")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/auth/verify-email", {}),
        ("POST", "/v1/auth/verify-email", {"token": ""}),
        ("POST", "/v1/auth/verify-email", {"token": None}),
        ("POST", "/v1/auth/verify-email", {"token": "x" * 513}),
        ("POST", "/v1/auth/verify-email", {"token": "x", "user_id": ABSENT}),
        ("POST", "/v1/auth/verify-email", {"token": "a\0"}),
        ("POST", "/v1/auth/password/forgot", {"email": None}),
        ("POST", "/v1/auth/password/forgot", {"email": "x" * 255}),
        ("POST", "/v1/auth/password/forgot", {"email": ["ada@example.com"]}),
        ("POST", "/v1/auth/password/reset", {"token": "x"}),
        ("POST", "/v1/auth/password/reset", {"token": "x", "password": "x" * 1025}),
        ("POST", "/v1/auth/password/reset", {"token": "x", "password": ANOTHER, "email": "a@b"}),
        ("PUT", "/v1/me/password", {"current_password": PASSWORD}),
        ("PUT", "/v1/me/password", {"new_password": ANOTHER}),
        ("POST", "/v1/me/addresses", {}),
        *(
            ("POST", "/v1/me/addresses", {**ADDRESS, **change})
            for change in (
                {"country": "United Kingdom"},
                {"country": "gb"},
                {"full_name": ""},
                {"line1": None},
                {"city": "x" * 201},
                {"postal_code": "1" * 21},
                {"default_shipping": "yes"},
                {"user_id": ABSENT},
                {"id": ABSENT},
                {"version": 7},
                {"created_at": "2026-01-15T09:30:00Z"},
            )
        ),
    ],
)
async def test_what_is_malformed(
    world: World, method: str, path: str, body: dict[str, Any]
) -> None:
    mine = await world.somebody("ada@example.com")
    answer = await world.client.request(method, path, json=body, headers=mine)
    refused(answer, 400, "malformed_request")


async def test_where_one_is_signed_in(world: World) -> None:
    await world.register()
    mine = await world.sign_in(agent="Mozilla/5.0 Firefox/140.0")
    world.identity.clock.move(timedelta(minutes=1))
    other = await world.sign_in(agent="curl/8.1")
    theirs = await world.somebody("kate@example.com")
    page = await world.client.get("/v1/me/sessions", headers=mine)
    assert page.headers["cache-control"] == "no-store"
    newest, own = page.json()["items"]
    assert own == {
        "id": own["id"],
        "created_at": "2026-01-15T09:30:00Z",
        "last_used_at": "2026-01-15T09:30:00Z",
        "expires_at": "2026-02-14T09:30:00Z",
        "user_agent": "Mozilla/5.0 Firefox/140.0",
        "client_address": "127.0.0.1",
        "current": True,
    }
    assert (newest["user_agent"], newest["current"]) == ("curl/8.1", False)
    address = f"/v1/me/sessions/{newest['id']}"
    refused(await world.client.delete(address, headers=theirs), 404, "session_not_found")
    assert (await world.client.get("/v1/me", headers=other)).status_code == 200
    assert (await world.client.delete(address, headers=mine)).status_code == 204
    refused(await world.client.get("/v1/me", headers=other), 401, "session_ended")
    for which in (newest["id"], ABSENT, "x", "null"):
        gone = await world.client.delete(f"/v1/me/sessions/{which}", headers=mine)
        refused(gone, 404, "session_not_found")
    left = await world.client.get("/v1/me/sessions?include_total=true", headers=mine)
    assert left.json()["total"] == {"value": 1, "relation": "eq"}
    assert (await world.client.delete(f"/v1/me/sessions/{own['id']}", headers=mine)).status_code
    refused(await world.client.get("/v1/me", headers=mine), 401, "session_ended")


async def test_an_address_comes_changes_and_goes(world: World) -> None:
    mine, theirs = await world.somebody("ada@example.com"), await world.somebody("k@example.com")
    made = await world.client.post("/v1/me/addresses", json=ADDRESS, headers=mine)
    assert made.status_code == 201, made.text
    first = made.json()
    assert first == {
        "id": first["id"],
        **dict.fromkeys(FULL),
        **ADDRESS,
        "default_shipping": True,
        "default_billing": True,
        "created_at": "2026-01-15T09:30:00Z",
        "updated_at": "2026-01-15T09:30:00Z",
        "version": 1,
    }
    place = made.headers["location"]
    assert place == f"/v1/me/addresses/{first['id']}"
    read = await world.client.get(place, headers=mine)
    assert (read.json(), read.headers["etag"]) == (first, made.headers["etag"])
    known = {**mine, "If-None-Match": made.headers["etag"]}
    assert (await world.client.get(place, headers=known)).status_code == 304

    second = (await world.client.post("/v1/me/addresses", json=FULL, headers=mine)).json()
    assert {name: second[name] for name in FULL} == FULL
    page = (await world.client.get("/v1/me/addresses", headers=mine)).json()
    assert [(a["id"], a["default_shipping"], a["default_billing"]) for a in page["items"]] == [
        (first["id"], True, False),
        (second["id"], False, True),
    ]
    assert page["items"][0]["version"] == 2

    stale = {**mine, "If-Match": made.headers["etag"]}
    refused(await world.client.put(place, json=FULL, headers=stale), 412, "precondition_failed")
    refused(await world.client.delete(place, headers=stale), 412, "precondition_failed")
    fresh = {**mine, "If-Match": (await world.client.get(place, headers=mine)).headers["etag"]}
    changed = await world.client.put(place, json=FULL, headers=fresh)
    assert (changed.status_code, changed.json()["version"]) == (200, 3)
    assert changed.json()["company"] == "Analytical Engines"

    for method in ("GET", "PUT", "DELETE"):
        for who, where in ((theirs, place), (mine, f"/v1/me/addresses/{ABSENT}")):
            body = FULL if method == "PUT" else None
            answer = await world.client.request(method, where, json=body, headers=who)
            refused(answer, 404, "address_not_found")
    assert (await world.client.get("/v1/me/addresses", headers=theirs)).json()["items"] == []
    assert (await world.client.delete(place, headers=mine)).status_code == 204
    refused(await world.client.get(place, headers=mine), 404, "address_not_found")


async def test_an_address_is_added_once_for_each_key(world: World) -> None:
    mine = {**await world.somebody("ada@example.com"), "Idempotency-Key": "k1"}
    answers = [
        await world.client.post("/v1/me/addresses", json=ADDRESS, headers=mine) for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert len(world.store.committed.addresses) == 1
    other = await world.client.post("/v1/me/addresses", json=FULL, headers=mine)
    refused(other, 422, "idempotency_key_reused")


async def test_what_is_no_address_is_said_of_each_line(world: World) -> None:
    mine = await world.somebody("ada@example.com")
    body = {**FULL, "country": "XX", "phone": "call me"}
    answer = await world.client.post("/v1/me/addresses", json=body, headers=mine)
    refused(answer, 422, "invalid_address")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/country", "/phone"]


async def test_a_book_has_fifty_pages(world: World) -> None:
    mine = await world.somebody("ada@example.com")
    for _ in range(50):
        made = await world.client.post("/v1/me/addresses", json=ADDRESS, headers=mine)
        assert made.status_code == 201
    full = await world.client.post("/v1/me/addresses", json=ADDRESS, headers=mine)
    refused(full, 409, "address_book_full")
    seen: list[str] = []
    where: str | None = "/v1/me/addresses?limit=20"
    while where is not None:
        page = (await world.client.get(where, headers=mine)).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        where = cursor and f"/v1/me/addresses?limit=20&cursor={cursor}"
    assert len(seen) == len(set(seen)) == 50


async def test_nobody_can_go_on_where_somebody_elses_page_ended(world: World) -> None:
    mine, theirs = [await world.somebody(f"{name}@example.com") for name in ("ada", "bob")]
    for who in (mine, mine, theirs):
        await world.client.post("/v1/me/addresses", json=ADDRESS, headers=who)
    first = (await world.client.get("/v1/me/addresses?limit=1", headers=mine)).json()
    onwards = f"/v1/me/addresses?limit=1&cursor={first['next_cursor']}"
    assert len((await world.client.get(onwards, headers=mine)).json()["items"]) == 1
    refused(await world.client.get(onwards, headers=theirs), 400, "invalid_cursor")


async def test_one_leaves_and_nothing_is_left(world: World) -> None:
    user = await world.register(full_name="Ada Lovelace")
    mine = await world.sign_in()
    await world.client.post("/v1/me/addresses", json=ADDRESS, headers=mine)
    stale = {**mine, "If-Match": '"7-0000000000000000"'}
    refused(await world.client.delete("/v1/me", headers=stale), 412, "precondition_failed")
    gone = await world.client.delete("/v1/me", headers=mine)
    assert (gone.status_code, gone.content) == (204, b"")
    refused(await world.client.get("/v1/me", headers=mine), 401, "session_ended")
    again = {"email": "ada@example.com", "password": PASSWORD}
    login = await world.client.post("/v1/auth/login", json=again)
    refused(login, 401, "invalid_credentials")
    kept = world.store.committed
    for part in (kept.users, kept.sessions, kept.addresses, kept.mailed_tokens):
        assert "Lovelace" not in repr(part)
        assert "ada@" not in repr(part)
    admin = await world.somebody("boss@example.com", Role.ADMIN)
    absent = await world.client.get(f"/v1/users/{user['id']}", headers=admin)
    refused(absent, 404, "user_not_found")
    assert (await world.register())["id"] != user["id"]


async def test_the_last_admin_cannot_leave(world: World) -> None:
    admin = await world.somebody("boss@example.com", Role.ADMIN)
    refused(await world.client.delete("/v1/me", headers=admin), 409, "last_admin")


async def test_accounts_are_found_and_changed(world: World) -> None:
    admin = await world.somebody("boss@example.com", Role.ADMIN)
    user = await world.register(full_name="Ada")
    mine = await world.sign_in()
    page = (await world.client.get("/v1/users?include_total=true", headers=admin)).json()
    assert page["total"] == {"value": 2, "relation": "eq"}
    account = {**user, "disabled": False, "updated_at": user["created_at"]}
    assert page["items"][0] == account
    for query in (
        "email=ADA%40example.com",
        "role=customer",
        "disabled=false&role=customer",
        "created_after=2026-01-15T09:29:59Z&role=customer",
    ):
        found = await world.client.get(f"/v1/users?{query}", headers=admin)
        assert found.json()["items"] == [account], query
    for query in ("disabled=true", "role=staff", "created_after=2026-01-15T09:30:00Z"):
        found = await world.client.get(f"/v1/users?{query}", headers=admin)
        assert found.json()["items"] == [], query
    for query in ("role=owner", "disabled=1", "created_after=today", "name=ada", "limit=0"):
        found = await world.client.get(f"/v1/users?{query}", headers=admin)
        refused(found, 400, "malformed_request")
    refused(await world.client.get("/v1/users?email=x", headers=admin), 422, "invalid_email")

    place = f"/v1/users/{user['id']}"
    read = await world.client.get(place, headers=admin)
    assert read.json() == account
    seen = {**admin, "If-Match": read.headers["etag"]}
    changed = await world.client.patch(place, json={"role": "staff"}, headers=seen)
    assert (changed.status_code, changed.json()["role"], changed.json()["version"]) == (
        200, "staff", 2,
    )  # fmt: skip
    assert (await world.client.get("/v1/me", headers=mine)).json()["role"] == "staff"
    assert (await world.client.get("/v1/inventory", headers=mine)).status_code == 200
    stale = await world.client.patch(place, json={"disabled": True}, headers=seen)
    refused(stale, 412, "precondition_failed")
    off = await world.client.patch(place, json={"disabled": True}, headers=admin)
    assert off.json()["disabled"] is True
    refused(await world.client.get("/v1/me", headers=mine), 401, "session_ended")
    same = await world.client.patch(place, json={}, headers=admin)
    assert (same.content, same.headers["etag"]) == (off.content, off.headers["etag"])


@pytest.mark.parametrize(
    "body",
    [
        {"role": "owner"},
        {"role": None},
        {"disabled": None},
        {"disabled": 1},
        {"email": "x@example.com"},
        {"full_name": "Eve"},
        {"password": ANOTHER},
        {"password_hash": "x"},
        {"email_verified": True},
        {"deleted_at": None},
        {"version": 7},
    ],
)
async def test_nothing_else_of_an_account_can_be_changed(
    world: World, body: dict[str, Any]
) -> None:
    admin = await world.somebody("boss@example.com", Role.ADMIN)
    user = await world.register()
    answer = await world.client.patch(f"/v1/users/{user['id']}", json=body, headers=admin)
    refused(answer, 400, "malformed_request")


async def test_who_may_not_change_whom(world: World) -> None:
    admin = await world.somebody("boss@example.com", Role.ADMIN)
    me = (await world.client.get("/v1/me", headers=admin)).json()
    place = f"/v1/users/{me['id']}"
    for body in ({"role": "staff"}, {"disabled": True}):
        refused(await world.client.patch(place, json=body, headers=admin), 422, "own_account")
    for where in (f"/v1/users/{ABSENT}", "/v1/users/x", "/v1/users/null"):
        for method in ("GET", "PATCH"):
            answer = await world.client.request(
                method, where, json={"disabled": True}, headers=admin
            )
            refused(answer, 404, "user_not_found")
    customer = await world.somebody("ada@example.com")
    refused(await world.client.patch(place, json={}, headers=customer), 403, "permission_denied")
    refused(await world.client.get("/v1/users", headers=customer), 403, "permission_denied")


async def test_no_secret_leaves_by_an_answer_or_stays_in_one(world: World) -> None:
    admin = await world.somebody("boss@example.com", Role.ADMIN)
    await world.register()
    mine = await world.sign_in()
    texts = [
        (await world.client.get(path, headers=who)).text
        for path, who in (
            ("/v1/users", admin),
            ("/v1/me", mine),
            ("/v1/me/sessions", mine),
        )
    ]
    for text in texts:
        for secret in ("password", "hash", "token", "v1:", world.token("verify_email")):
            assert secret not in text
