"""Accounts on a served shop with two workers, and mail that leaves it."""

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from tests.support import ask, postgres
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, RunningShop, running_shop
from tests.support.smtp import HOST, USER, smtp_server
from tests.support.smtp import PASSWORD as SMTP_PASSWORD

PASSWORD: Final = "notes on the engine"
ANOTHER: Final = "patterns of algebra"
ADDRESS: Final = {
    "full_name": "Ada",
    "line1": "12 St James's Sq",
    "city": "London",
    "country": "GB",
}
_PATIENCE: Final = 8.0


@pytest.fixture(scope="module")
def database_url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    name = f"ecommerce_accounts_{testrun_uid[:8]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        yield url


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("accounts")


@pytest.fixture(scope="module")
def served(data_dir: Path, database_url: str) -> Iterator[RunningShop]:
    extra = {"DATABASE_URL": database_url, "ECOMMERCE_WORKERS": "2", "ECOMMERCE_DEMO": "0"}
    with running_shop(data_dir, extra) as shop:
        yield shop


@pytest.fixture
def client(served: RunningShop) -> Iterator[httpx.Client]:
    """A connection for each request, so that both workers are asked."""
    limits = httpx.Limits(max_keepalive_connections=0)
    with ask.client(base_url=served.url, timeout=10, limits=limits) as client:
        yield client


def eventually(found: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is waited for
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        result = found()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError("It did not come in time.")


def mails_to(data_dir: Path, email: str, kind: str) -> list[EmailMessage]:
    files = sorted((data_dir / "mail").glob(f"*-{kind}-*.eml"))
    mails = [message_from_bytes(file.read_bytes(), policy=SMTPUTF8) for file in files]
    return [mail for mail in mails if mail["To"] == email]


def token_of(mail: EmailMessage) -> str:
    found = re.search(r"#token=([\w-]+)", mail.get_content())
    assert found is not None
    return found[1]


def bearer(client: httpx.Client, email: str, password: str = PASSWORD) -> dict[str, str]:
    answer = client.post("/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


def everywhere(client: httpx.Client, headers: dict[str, str], status: int) -> None:
    """Both workers say the same at once."""
    said = {client.get("/v1/me", headers=headers).status_code for _ in range(12)}
    assert said == {status}


@pytest.fixture
def email(client: httpx.Client) -> str:
    address = f"{uuid4().hex}@example.com"
    made = client.post("/v1/auth/register", json={"email": address, "password": PASSWORD})
    assert made.status_code == 201, made.text
    return address


def test_from_the_first_mail_to_the_last(client: httpx.Client, data_dir: Path, email: str) -> None:
    mine, other = bearer(client, email), bearer(client, email)
    (asked,) = eventually(lambda: mails_to(data_dir, email, "verify_email"))
    verify = {"token": token_of(asked)}
    assert client.post("/v1/auth/verify-email", json=verify).status_code == 204
    assert client.get("/v1/me", headers=mine).json()["email_verified"] is True
    assert client.post("/v1/auth/verify-email", json=verify).status_code == 422

    made = client.post("/v1/me/addresses", json=ADDRESS, headers=mine)
    assert made.status_code == 201
    sessions = client.get("/v1/me/sessions", headers=mine).json()["items"]
    (own,) = [each for each in sessions if each["current"]]
    (elsewhere,) = [each for each in sessions if not each["current"]]
    assert own["user_agent"].startswith("python-httpx/")
    assert own["client_address"] == "127.0.0.1"
    ended = client.delete(f"/v1/me/sessions/{elsewhere['id']}", headers=mine)
    assert ended.status_code == 204
    everywhere(client, other, 401)
    everywhere(client, mine, 200)

    other = bearer(client, email)
    change = {"current_password": PASSWORD, "new_password": ANOTHER}
    assert client.put("/v1/me/password", json=change, headers=mine).status_code == 204
    everywhere(client, other, 401)
    everywhere(client, mine, 200)
    eventually(lambda: mails_to(data_dir, email, "password_changed"))

    assert client.post("/v1/auth/password/forgot", json={"email": email}).status_code == 202
    (forgot,) = eventually(lambda: mails_to(data_dir, email, "reset_password"))
    reset = {"token": token_of(forgot), "password": PASSWORD}
    assert client.post("/v1/auth/password/reset", json=reset).status_code == 204
    everywhere(client, mine, 401)
    assert client.post("/v1/auth/password/reset", json=reset).status_code == 422

    mine = bearer(client, email)
    assert client.delete("/v1/me", headers=mine).status_code == 204
    everywhere(client, mine, 401)
    eventually(lambda: mails_to(data_dir, email, "account_deleted"))
    again = {"email": email, "password": PASSWORD}
    assert client.post("/v1/auth/login", json=again).status_code == 401
    assert client.post("/v1/auth/register", json=again).status_code == 201


def test_who_has_no_account_gets_no_mail(client: httpx.Client, data_dir: Path, email: str) -> None:
    nobody = f"x{email}"
    for address in (nobody, email):
        answer = client.post("/v1/auth/password/forgot", json={"email": address})
        assert (answer.status_code, answer.content) == (202, b"")
    eventually(lambda: mails_to(data_dir, email, "reset_password"))
    assert mails_to(data_dir, nobody, "reset_password") == []


def test_a_role_and_a_lock_count_at_once_in_every_worker(client: httpx.Client, email: str) -> None:
    admin, mine = bearer(client, ADMIN_EMAIL, ADMIN_PASSWORD), bearer(client, email)
    (found,) = client.get("/v1/users", params={"email": email}, headers=admin).json()["items"]
    place = f"/v1/users/{found['id']}"
    changed = client.patch(place, json={"role": "staff"}, headers=admin)
    assert changed.json()["role"] == "staff"
    roles = {client.get("/v1/me", headers=mine).json()["role"] for _ in range(12)}
    assert roles == {"staff"}
    assert client.patch(place, json={"disabled": True}, headers=admin).status_code == 200
    everywhere(client, mine, 401)
    login = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert (login.status_code, login.json()["code"]) == (401, "invalid_credentials")


def test_with_an_smtp_server_mail_goes_there_and_no_token_stands_in_the_log(
    tmp_path: Path, database_url: str
) -> None:
    email = f"{uuid4().hex}@example.com"
    with smtp_server(tmp_path) as inbox:
        extra = {
            "DATABASE_URL": database_url,
            "ECOMMERCE_DEMO": "0",
            "ECOMMERCE_SHOP_NAME": "Teapots & Co",
            "ECOMMERCE_PUBLIC_URL": "https://shop.test/",
            "ECOMMERCE_MAIL_FROM": "post@shop.test",
            "ECOMMERCE_SMTP_HOST": HOST,
            "ECOMMERCE_SMTP_PORT": str(inbox.port),
            "ECOMMERCE_SMTP_USER": USER,
            "ECOMMERCE_SMTP_PASSWORD": SMTP_PASSWORD,
            "ECOMMERCE_LOG_LEVEL": "debug",
            "SSL_CERT_FILE": str(inbox.certificate),
        }
        with running_shop(tmp_path, extra) as shop, ask.client(base_url=shop.url) as client:
            body = {"email": email, "password": PASSWORD}
            assert client.post("/v1/auth/register", json=body).status_code == 201
            eventually(lambda: inbox.messages)
            eventually(lambda: "mail_sent" in shop.log.read_text())
            (message,) = inbox.messages
            assert message["From"] == "Teapots & Co <post@shop.test>"
            assert message["To"] == email
            assert "https://shop.test/verify-email#token=" in message.get_content()
            token = token_of(message)
            log = shop.log.read_text()
            for secret in (token, email, PASSWORD, SMTP_PASSWORD):
                assert secret not in log
            assert client.post("/v1/auth/verify-email", json={"token": token}).status_code == 204
            assert token not in shop.log.read_text()
    assert all(inbox.encrypted)
    assert not (tmp_path / "mail").exists()
