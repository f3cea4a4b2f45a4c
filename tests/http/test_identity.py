"""Accounts and sign-ins over HTTP, memory adapters behind it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio
from tests.http.conftest import client_of, services
from tests.support.identity import PASSWORD, Identity, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.ports import HashingBusyError
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role

ADA = {"email": "Ada@Example.com", "password": PASSWORD, "full_name": "Ada"}


@pytest.fixture
def world() -> tuple[Identity, MemoryStore]:
    return identity_in_memory()


@pytest.fixture
def identity(world: tuple[Identity, MemoryStore]) -> Identity:
    return world[0]


@pytest.fixture
def store(world: tuple[Identity, MemoryStore]) -> MemoryStore:
    return world[1]


@pytest_asyncio.fixture
async def client(identity: Identity) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(services(identity=identity)) as opened:
        yield opened


async def signed_in(client: httpx.AsyncClient) -> dict[str, Any]:
    made = await client.post("/v1/auth/register", json=ADA)
    assert made.status_code == 201, made.text
    answer = await client.post(
        "/v1/auth/login", json={"email": "ada@example.com", "password": PASSWORD}
    )
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_registering(client: httpx.AsyncClient, store: MemoryStore) -> None:
    answer = await client.post("/v1/auth/register", json=ADA)
    assert answer.status_code == 201
    assert answer.headers["location"] == "/v1/me"
    (user_id,) = store.committed.users
    assert answer.json() == {
        "id": str(user_id),
        "email": "Ada@Example.com",
        "full_name": "Ada",
        "role": "customer",
        "email_verified": False,
        "created_at": "2026-01-15T09:30:00Z",
        "version": 1,
    }
    again = await client.post("/v1/auth/register", json={**ADA, "email": "ADA@example.com"})
    refused(again, 409, "email_taken")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"email": "ada"}, 422, "invalid_email"),
        *(
            ({"email": f"ada@{host}"}, 422, "invalid_email")
            for host in ("\uff45xample.com", "\u2460.com", "\ufb01nance.com", "-\u00fc.com")
        ),
        ({"email": "a@" + "\u00e9" * 63 + ".com"}, 422, "invalid_email"),
        ({"email": "a" * 64 + "@" + ".".join(["\u00e9" + "a" * 44] * 4)}, 422, "invalid_email"),
        ({"email": "ada@stra\u00dfe.example"}, 201, None),
        ({"email": "=?utf-8?q?=0d=0aBcc=3aa=40b.c?=@x.com"}, 422, "invalid_email"),
        ({"email": ""}, 400, "malformed_request"),
        ({"email": "x" * 255}, 400, "malformed_request"),
        ({"email": None}, 400, "malformed_request"),
        ({"email": "a\0da@example.com"}, 400, "malformed_request"),
        ({"password": "seven77"}, 422, "weak_password"),
        ({"password": "PassWord123"}, 422, "weak_password"),
        ({"password": "x" * 1025}, 400, "malformed_request"),
        ({"password": 12345678}, 400, "malformed_request"),
        ({"password": "x" * 1024}, 201, None),
        ({"full_name": None}, 201, None),
        ({"full_name": " "}, 422, "invalid_full_name"),
        ({"full_name": ""}, 400, "malformed_request"),
        ({"full_name": "x" * 201}, 400, "malformed_request"),
        *(
            ({name: value}, 400, "malformed_request")
            for name, value in {
                "id": "01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6e",
                "email_key": "x",
                "role": "admin",
                "password_hash": "x",
                "email_verified": True,
                "disabled": False,
                "version": 7,
                "created_at": "2026-01-15T09:30:00Z",
                "updated_at": "2026-01-15T09:30:00Z",
            }.items()
        ),
    ],
)
async def test_what_can_be_registered(
    client: httpx.AsyncClient,
    store: MemoryStore,
    change: dict[str, Any],
    status: int,
    code: str | None,
) -> None:
    answer = await client.post("/v1/auth/register", json={**ADA, **change})
    if code is None:
        assert answer.status_code == status, answer.text
    else:
        refused(answer, status, code)
        assert not store.committed.users


async def test_registering_twice_with_one_key_is_once(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await client.post("/v1/auth/register", json=ADA, headers=key)
    second = await client.post("/v1/auth/register", json=ADA, headers=key)
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["idempotent-replayed"] == "true"
    assert len(store.committed.users) == 1
    other = await client.post(
        "/v1/auth/register", json={**ADA, "password": "another password"}, headers=key
    )
    refused(other, 422, "idempotency_key_reused")
    kept = repr(store.committed.answers)
    assert "Ada@Example.com" in kept
    assert PASSWORD not in kept


async def test_signing_in(client: httpx.AsyncClient) -> None:
    tokens = await signed_in(client)
    assert set(tokens) == {
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "refresh_expires_in",
    }
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert tokens["refresh_expires_in"] == 30 * 24 * 3600
    me = await client.get("/v1/me", headers=bearer(tokens))
    assert me.json()["email"] == "Ada@Example.com"


async def test_tokens_are_not_to_be_stored(client: httpx.AsyncClient) -> None:
    tokens = await signed_in(client)
    again = await client.post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert again.headers["cache-control"] == "no-store"


async def test_all_that_cannot_sign_in_reads_alike(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    await signed_in(client)
    said = []
    for email, password, disabled in [
        ("ada@example.com", "wrong", False),
        ("nobody@example.com", PASSWORD, False),
        ("not an address", PASSWORD, False),
        ("ada@example.com", PASSWORD, True),
    ]:
        # Found anew each time: what fails is written down, and every commit leaves a new copy.
        (user,) = store.committed.users.values()
        user.disabled = disabled
        answer = await client.post("/v1/auth/login", json={"email": email, "password": password})
        refused(answer, 401, "invalid_credentials")
        said.append({k: v for k, v in answer.json().items() if k != "request_id"})
    assert all(one == said[0] for one in said)


async def test_too_many_at_once(client: httpx.AsyncClient, identity: Identity) -> None:
    async def busy(*_: object) -> bool:
        raise HashingBusyError("Too many.", retry_after=2)

    identity.hasher.verify = identity.hasher.hash = busy  # type: ignore[method-assign, assignment]
    for path in ("/v1/auth/register", "/v1/auth/login"):
        body = {"email": "ada@example.com", "password": PASSWORD}
        answer = await client.post(path, json=body)
        refused(answer, 503, "hashing_busy")
        assert answer.headers["retry-after"] == "2"


async def test_refreshing_and_replaying(client: httpx.AsyncClient, store: MemoryStore) -> None:
    first = await signed_in(client)
    body = {"refresh_token": first["refresh_token"]}
    second = (await client.post("/v1/auth/refresh", json=body)).json()
    assert set(second) == set(first)
    assert (await client.get("/v1/me", headers=bearer(second))).status_code == 200
    refused(await client.post("/v1/auth/refresh", json=body), 401, "token_replayed")
    refused(await client.get("/v1/me", headers=bearer(second)), 401, "session_ended")
    again = await client.post("/v1/auth/refresh", json={"refresh_token": second["refresh_token"]})
    refused(again, 401, "session_ended")
    unknown = await client.post("/v1/auth/refresh", json={"refresh_token": "x"})
    refused(unknown, 401, "invalid_token")
    (session,) = store.committed.sessions.values()
    assert session.end_reason is EndReason.TOKEN_REPLAYED


async def test_a_session_ends_at_some_time_however_often_it_is_refreshed(
    client: httpx.AsyncClient, identity: Identity
) -> None:
    tokens = await signed_in(client)
    for left in (30, 30, 30, 15):
        assert tokens["refresh_expires_in"] == left * 24 * 3600
        body = {"refresh_token": tokens["refresh_token"]}
        identity.clock.move(timedelta(days=25) if left == 30 else timedelta(days=15))
        answer = await client.post("/v1/auth/refresh", json=body)
        tokens = answer.json()
    refused(answer, 401, "session_ended")


async def test_signing_out(client: httpx.AsyncClient) -> None:
    tokens = await signed_in(client)
    body = {"refresh_token": tokens["refresh_token"]}
    for _ in range(2):
        answer = await client.post("/v1/auth/logout", json=body)
        assert (answer.status_code, answer.content) == (204, b"")
    refused(await client.get("/v1/me", headers=bearer(tokens)), 401, "session_ended")
    assert (await client.post("/v1/auth/logout", json={"refresh_token": "x"})).status_code == 204


@pytest.mark.parametrize("path", ["/v1/auth/refresh", "/v1/auth/logout"])
@pytest.mark.parametrize(
    "body", [{}, {"refresh_token": ""}, {"refresh_token": None}, {"refresh_token": "x" * 513}]
)
async def test_what_is_no_refresh_token(
    client: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    refused(await client.post(path, json=body), 400, "malformed_request")


async def test_who_is_not_signed_in(client: httpx.AsyncClient, identity: Identity) -> None:
    tokens = await signed_in(client)
    for method in ("GET", "PATCH"):
        refused(await client.request(method, "/v1/me"), 401, "not_authenticated")
        for token in ("x", tokens["refresh_token"], tokens["access_token"] + "A"):
            answer = await client.request(
                method, "/v1/me", headers={"Authorization": f"Bearer {token}"}
            )
            refused(answer, 401, "invalid_token")
    identity.clock.move(timedelta(minutes=10, seconds=30))
    refused(await client.get("/v1/me", headers=bearer(tokens)), 401, "invalid_token")


async def test_ones_own_account(client: httpx.AsyncClient, store: MemoryStore) -> None:
    headers = bearer(await signed_in(client))
    me = await client.get("/v1/me", headers=headers)
    assert me.headers["cache-control"] == "no-store"
    known = await client.get("/v1/me", headers={**headers, "If-None-Match": me.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    changed = await client.patch(
        "/v1/me",
        json={"full_name": "Ada King"},
        headers={**headers, "If-Match": me.headers["etag"]},
    )
    assert changed.status_code == 200
    assert changed.json() == {**me.json(), "full_name": "Ada King", "version": 2}
    again = await client.get("/v1/me", headers=headers)
    assert (again.headers["etag"], again.content) == (changed.headers["etag"], changed.content)
    stale = await client.patch(
        "/v1/me", json={"full_name": "x"}, headers={**headers, "If-Match": me.headers["etag"]}
    )
    refused(stale, 412, "precondition_failed")
    cleared = await client.patch("/v1/me", json={"full_name": None}, headers=headers)
    assert cleared.json()["full_name"] is None
    same = await client.patch("/v1/me", json={}, headers=headers)
    assert same.content == cleared.content
    (user,) = store.committed.users.values()
    user.role = Role.ADMIN
    assert (await client.get("/v1/me", headers=headers)).json()["role"] == "admin"


@pytest.mark.parametrize(
    "name",
    ["id", "email", "role", "password", "password_hash", "email_verified", "disabled", "version"],
)
async def test_nothing_else_of_it_can_be_changed(client: httpx.AsyncClient, name: str) -> None:
    headers = bearer(await signed_in(client))
    before = await client.get("/v1/me", headers=headers)
    answer = await client.patch("/v1/me", json={name: "admin"}, headers=headers)
    refused(answer, 400, "malformed_request")
    assert (await client.get("/v1/me", headers=headers)).content == before.content


async def test_anybody_can_check_a_token(client: httpx.AsyncClient) -> None:
    tokens = await signed_in(client)
    answer = await client.get("/.well-known/jwks.json")
    assert "max-age" in answer.headers["cache-control"]
    keys = jwt.PyJWKSet.from_dict(answer.json())
    kid = jwt.get_unverified_header(tokens["access_token"])["kid"]
    claims = jwt.decode(
        tokens["access_token"],
        keys[kid],
        algorithms=["EdDSA"],
        audience="shop",
        options={"verify_exp": False},
    )
    assert claims["iss"] == "shop"
    assert set(answer.json()["keys"][0]) == {"kty", "crv", "x", "kid", "use", "alg"}
