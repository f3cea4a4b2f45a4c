"""Access over two worker processes: what one changes is so at the next request to any of them."""

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
import psycopg
import pytest
from tests.support import ask, postgres
from tests.support.authority import Authenticator
from tests.support.clocks import now
from tests.support.shop import (
    ADMIN_EMAIL,
    ADMIN_PASSWORD,
    RunningShop,
    command,
    running_shop,
)

PASSWORD: Final = "a passphrase of some length"
TRIES: Final = 40
"""Requests on connections of their own: with two workers, some of them meet each."""


@pytest.fixture(scope="module")
def url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    name = f"ecommerce_e2e_{testrun_uid[:8]}_{worker_id}_authority"
    with postgres.database(postgres_server, name) as made:
        yield made


@pytest.fixture(scope="module")
def shop(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    extra = {"DATABASE_URL": url, "ECOMMERCE_WORKERS": "2", "ECOMMERCE_DEMO": "0"}
    with running_shop(tmp_path_factory.mktemp("data"), extra) as running:
        yield running


def everywhere(shop: RunningShop, path: str, token: str) -> set[int]:
    """The statuses that requests on connections of their own are answered with."""

    def status(_: int) -> int:
        return ask.get(
            f"{shop.url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=10
        ).status_code

    with ThreadPoolExecutor(8) as threads:
        return set(threads.map(status, range(TRIES)))


def login(shop: RunningShop, email: str, password: str = PASSWORD) -> dict[str, Any]:
    body = {"email": email, "password": password}
    answer = ask.post(f"{shop.url}/v1/auth/login", json=body, timeout=10)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def boss(shop: RunningShop) -> str:
    return str(login(shop, ADMIN_EMAIL, ADMIN_PASSWORD)["access_token"])


def send(shop: RunningShop, method: str, path: str, token: str, body: object = None) -> Any:  # noqa: ANN401
    answer = ask.request(
        method,
        f"{shop.url}{path}",
        headers={"Authorization": f"Bearer {token}"},
        json=body,
        timeout=10,
    )
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def person(shop: RunningShop, url: str, email: str, role: str) -> str:
    """Open an account that is something in the shop; its id."""
    body = {"email": email, "password": PASSWORD}
    made = ask.post(f"{shop.url}/v1/auth/register", json=body, timeout=10)
    assert made.status_code == 201, made.text
    be(url, email, role=role)
    return str(made.json()["id"])


def be(url: str, email: str, *, role: str | None = None, disabled: bool = False) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE user_account SET role = coalesce(%s, role), disabled = %s WHERE email = %s",
            [role, disabled, email],
        )


def test_both_workers_answer(shop: RunningShop) -> None:
    """Else the rest of this file would show little."""
    children = Path(f"/proc/{shop.process.pid}/task/{shop.process.pid}/children")
    assert len(children.read_text().split()) >= 2
    boss(shop)


def test_roles_keys_and_sign_ins_change_everywhere_at_once(shop: RunningShop, url: str) -> None:
    admin = boss(shop)
    staff_id = person(shop, url, "staff@example.com", "staff")
    tokens = login(shop, "staff@example.com")
    staff = str(tokens["access_token"])
    assert everywhere(shop, "/v1/inventory", staff) == {200}

    body = {"name": "Looking", "permissions": ["catalog:read"]}
    role = send(shop, "POST", "/v1/roles", admin, body)
    send(shop, "PUT", f"/v1/users/{staff_id}/roles", admin, {"role_ids": [role["id"]]})
    assert everywhere(shop, "/v1/inventory", staff) == {403}
    more = {"permissions": ["inventory:read"]}
    send(shop, "PATCH", f"/v1/roles/{role['id']}", admin, more)
    assert everywhere(shop, "/v1/inventory", staff) == {200}

    scanner = {"name": "Scanner", "permissions": ["inventory:read"], "expires_in_days": 1}
    made = send(shop, "POST", "/v1/api-keys", admin, scanner)
    assert everywhere(shop, "/v1/inventory", made["key"]) == {200}
    deadline = time.monotonic() + 15
    while send(shop, "GET", f"/v1/api-keys/{made['id']}", admin)["last_used_at"] is None:
        assert time.monotonic() < deadline, "its last use was never written"
        time.sleep(0.2)
    send(shop, "DELETE", f"/v1/api-keys/{made['id']}", admin)
    assert everywhere(shop, "/v1/inventory", made["key"]) == {401}

    be(url, "staff@example.com", role="customer")
    assert everywhere(shop, "/v1/inventory", staff) == {403}
    be(url, "staff@example.com", disabled=True)
    assert everywhere(shop, "/v1/me", staff) == {401}
    be(url, "staff@example.com")
    assert everywhere(shop, "/v1/me", staff) == {200}
    refresh = {"refresh_token": tokens["refresh_token"]}
    assert ask.post(f"{shop.url}/v1/auth/logout", json=refresh, timeout=10).status_code == 204
    assert everywhere(shop, "/v1/me", staff) == {401}


def begun(
    shop: RunningShop, method: str, path: str, token: str, body: object
) -> Callable[[], tuple[int, Any]]:
    """Send a request but for most of its body; what is given back sends the rest."""
    content = json.dumps(body).encode()
    parts = urlsplit(shop.url)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    connection.putrequest(method, path)
    connection.putheader("Authorization", f"Bearer {token}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(content)))
    connection.endheaders(content[:1])

    def finish() -> tuple[int, Any]:
        connection.send(content[1:])
        answer = connection.getresponse()
        found = json.loads(answer.read())
        connection.close()
        return answer.status, found

    return finish


def test_who_is_disabled_with_requests_half_sent_finishes_none_of_them(
    shop: RunningShop, url: str
) -> None:
    admin = boss(shop)
    leaving_id = person(shop, url, "leaving@example.com", "admin")
    leaving = str(login(shop, "leaving@example.com")["access_token"])
    role = send(shop, "POST", "/v1/roles", admin, {"name": "Late", "permissions": []})
    requests = [
        ("PATCH", f"/v1/roles/{role['id']}", {"permissions": ["users:write"]}),
        ("POST", "/v1/roles", {"name": "Later", "permissions": ["users:write"]}),
        (
            "POST",
            "/v1/api-keys",
            {"name": "x", "permissions": ["audit:read"], "expires_in_days": 9},
        ),
        ("POST", "/v1/categories", {"name": "Late"}),
        ("PATCH", "/v1/me", {"full_name": "Late"}),
    ]
    half = [begun(shop, *each[:2], leaving, each[2]) for each in requests]
    time.sleep(0.5)
    send(shop, "PATCH", f"/v1/users/{leaving_id}", admin, {"disabled": True})
    found = [finish() for finish in half]
    assert [(status, problem["code"]) for status, problem in found] == [
        (401, "session_ended")
    ] * len(requests)
    assert send(shop, "GET", f"/v1/roles/{role['id']}", admin)["permissions"] == []


def test_a_second_factor_from_beginning_to_end(shop: RunningShop, url: str) -> None:
    person(shop, url, "ada@example.com", "customer")
    token = str(login(shop, "ada@example.com")["access_token"])
    begun = send(shop, "POST", "/v1/me/second-factor", token)
    authenticator = Authenticator(begun["secret"])
    done = send(
        shop, "POST", "/v1/me/second-factor/confirm", token, {"code": authenticator.code(now())}
    )
    body = {"email": "ada@example.com", "password": PASSWORD}
    asked = ask.post(f"{shop.url}/v1/auth/login", json=body, timeout=10)
    assert (asked.status_code, asked.json()["code"]) == (401, "second_factor_required")
    step = {
        "challenge_token": asked.json()["challenge_token"],
        "code": done["recovery_codes"][0],
    }
    made = ask.post(f"{shop.url}/v1/auth/login/second-factor", json=step, timeout=10)
    assert made.status_code == 200, made.text
    assert everywhere(shop, "/v1/me", made.json()["access_token"]) == {200}
    log = shop.log.read_text()
    for secret in (begun["secret"], step["challenge_token"], *done["recovery_codes"]):
        assert secret not in log


def kid_of(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def published(shop: RunningShop) -> list[str]:
    keys = ask.get(f"{shop.url}/.well-known/jwks.json", timeout=10).json()["keys"]
    return [key["kid"] for key in keys]


def test_keys_rotate_while_two_workers_serve(shop: RunningShop, url: str) -> None:
    data_dir = shop.log.parent
    old = boss(shop)
    first = kid_of(old)
    rotated = command("keys", "rotate", "--lead", "8", data_dir=data_dir)
    assert rotated.returncode == 0, rotated.stderr
    listed = command("keys", "list", data_dir=data_dir, extra={"COLUMNS": "160"})
    found = re.findall(r"[A-Za-z0-9_-]{43}", listed.stdout)
    assert len(found) == 2
    (second,) = set(found) - {first}

    deadline, both = time.monotonic() + 30, 0
    while both < TRIES:
        assert time.monotonic() < deadline, "the new key is not published everywhere"
        both = both + 1 if set(published(shop)) == {first, second} else 0
    # From before the new key signs until after, no token is refused anywhere.
    tokens, new = [old], old
    while kid_of(new) != second:
        assert time.monotonic() < deadline, "the new key never signed"
        time.sleep(0.3)
        new = boss(shop)
        tokens.append(new)
        for token in tokens:
            assert everywhere(shop, "/v1/me", token) == {200}
    assert published(shop)[0] == second

    removed = command("keys", "remove", first, data_dir=data_dir)
    assert removed.returncode == 0, removed.stderr
    while everywhere(shop, "/v1/me", old) != {401}:
        assert time.monotonic() < deadline, "a removed key's token is still taken"
    assert everywhere(shop, "/v1/me", new) == {200}
    assert published(shop) == [second]
    newest = command("keys", "remove", second, data_dir=data_dir)
    assert newest.returncode == 2
    assert "newest key" in newest.stderr
