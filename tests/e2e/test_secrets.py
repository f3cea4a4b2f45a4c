"""No secret that anybody sends is in the log, at its most talkative."""

import json
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from tests.support import ask
from tests.support.shop import RunningShop, running_shop

from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.openapi.document import build_document

MARK: Final = "s3cr3t"
"""What stands in every text that is sent, and nowhere else."""

PASSWORD: Final = f"{MARK} a long enough passphrase"
DOCUMENT: Final[dict[str, Any]] = json.loads(build_document(ROUTES, version="0"))
IDENTITY: Final = [
    (method, path, told)
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
    if isinstance(told, dict) and "Identity" in told.get("tags", ())
]


@pytest.fixture(params=["json", "console"])
def shop(request: pytest.FixtureRequest) -> Iterator[RunningShop]:
    settings = {
        "ECOMMERCE_LOG_LEVEL": "debug",
        "ECOMMERCE_LOG_FORMAT": request.param,
        "ECOMMERCE_SLOW_STATEMENT_MS": "1",
    }
    with (
        tempfile.TemporaryDirectory(prefix="ecommerce-secrets-") as directory,
        running_shop(Path(directory), settings) as running,
    ):
        yield running


def marked(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same, every text in it a secret."""
    if isinstance(value, dict):
        return {name: marked(held) for name, held in value.items()}
    if isinstance(value, list):
        return [marked(held) for held in value]
    if not isinstance(value, str):
        return value
    return f"{MARK}@example.com" if "@" in value else f"{MARK} {value}"


def ask_everything(client: httpx.Client) -> None:
    """Every identity route with its examples, as they are and with secrets in them."""
    for method, path, told in IDENTITY:
        address = re.sub(r"\{\w+\}", "x", path)
        content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = [each["value"] for each in content.get("examples", {}).values()] or [None]
        for example in examples:
            for header in (f"Bearer {MARK}", f"Basic {MARK}", f"Bearer eyJhbGciOiJ{MARK}.e30.x"):
                answer = client.request(
                    method,
                    f"{address}?token={MARK}",
                    json=marked(example),
                    headers={"Authorization": header, "Cookie": f"session={MARK}"},
                )
                assert answer.status_code < 500
            client.request(method, address, json=marked(example), headers={"X-Api-Key": MARK})


def live_a_little(client: httpx.Client) -> list[str]:
    """Register, sign in and out, wrongly too, with secrets that are real; give the tokens."""
    email = "ada@example.com"
    client.post("/v1/auth/register", json={"email": email, "password": PASSWORD})
    client.post("/v1/auth/register", json={"email": email, "password": PASSWORD})
    client.post("/v1/auth/login", json={"email": email, "password": f"{PASSWORD} wrong"})
    client.post("/v1/auth/login", json={"email": f"{MARK}@example.com", "password": PASSWORD})
    first = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD}).json()
    second = client.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}).json()
    signed = {"Authorization": f"Bearer {second['access_token']}"}
    assert client.get("/v1/me", headers=signed).status_code == 200
    client.patch("/v1/me", json={"full_name": MARK}, headers=signed)
    replay = client.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert replay.status_code == 401
    third = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD}).json()
    client.post("/v1/auth/logout", json={"refresh_token": third["refresh_token"]})
    tokens = [pair[kind] for pair in (first, second, third)
              for kind in ("access_token", "refresh_token")]  # fmt: skip
    assert len(set(tokens)) == 6
    return tokens


def test_no_secret_is_in_the_log(shop: RunningShop) -> None:
    with ask.client(base_url=shop.url, timeout=10) as client:
        ask_everything(client)
        tokens = live_a_little(client)
    assert shop.stop(signal.SIGTERM) == 0
    log = shop.log.read_text()
    assert "/v1/auth/login" in log
    assert "slow_statement" in log
    assert "user_account" in log, "statements about accounts were slow enough to be logged"
    assert MARK not in log
    for token in tokens:
        assert token not in log
        assert token.rpartition(".")[2] not in log
    assert "$argon2" not in log
