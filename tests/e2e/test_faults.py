"""What a shop does when what it stands on fails, and when it is made to end."""

import asyncio
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import psycopg
import pytest
from tests.support import ask, postgres
from tests.support.load import load
from tests.support.own_postgres import OwnPostgres, own_postgres
from tests.support.proxy import Proxy, Weather
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, RunningShop, running_shop

NAME: Final = "ecommerce_faults"
LOGIN: Final = {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}


@dataclass(frozen=True)
class Place:
    """A shop, the wire behind it, and the database at the other end."""

    shop: RunningShop
    wire: Proxy
    database: OwnPostgres

    @property
    def url(self) -> str:
        return self.shop.url


@pytest.fixture(scope="module")
def own() -> Iterator[tuple[OwnPostgres, Proxy, str]]:
    with (
        own_postgres() as server,
        postgres.database(server.url, NAME),
        Proxy(server.socket).running() as wire,
    ):
        yield server, wire, f"postgresql://postgres:@127.0.0.1:{wire.port}/{NAME}"


@pytest.fixture(scope="module")
def place(
    own: tuple[OwnPostgres, Proxy, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    server, wire, url = own
    extra = {
        "DATABASE_URL": url,
        "ECOMMERCE_RECEIVE_TIMEOUT_SECONDS": "1",
        "ECOMMERCE_CACHE_MB": "0",  # reads are to meet the database's faults
    }
    with running_shop(tmp_path_factory.mktemp("data"), extra) as shop:
        yield Place(shop, wire, server)


@pytest.fixture(scope="module")
def admin(place: Place) -> dict[str, str]:
    return signed_in(place.url)


def signed_in(url: str) -> dict[str, str]:
    answer = ask.post(f"{url}/v1/auth/login", json=LOGIN, timeout=20)
    assert answer.status_code == 200, answer.text
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


def a_product(sku: str, brand: str) -> dict[str, Any]:
    price = {"amount": 1000, "currency": "USD"}
    return {
        "name": f"Thing {sku}",
        "brand": brand,
        "status": "active",
        "variants": [{"sku": sku, "price": price, "on_hand": 3}],
    }


def how_many(url: str, brand: str) -> int:
    answer = ask.get(
        f"{url}/v1/products", params={"brand": brand, "include_total": "true"}, timeout=10
    )
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"]["value"])


def works_within(url: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (answer := ask.get(f"{url}/v1/products", timeout=10)).status_code != 200:
        assert time.monotonic() < until, answer.text


def is_refusal(answer: httpx.Response, status: int, code: str) -> bool:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert status != 503 or int(answer.headers["retry-after"]) >= 1
    return bool(answer.json()["code"] == code)


def client_of(url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=100)
    return ask.async_client(base_url=url, timeout=20, limits=limits)


def until_answers(url: str) -> float:
    """Wait for a database to take connections, and say when it did."""
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
            return time.monotonic()
        time.sleep(0.02)


async def test_a_database_that_is_stopped_at_once_is_missed_only_while_it_is_away(
    place: Place,
) -> None:
    async with client_of(place.url) as client:

        async def listing() -> httpx.Response:
            return await client.get("/v1/products?limit=5")

        async with (
            load(*[listing] * 6) as running,
            load(lambda: client.get("/health/live")) as live,
        ):
            await asyncio.sleep(0.4)
            await asyncio.to_thread(place.database.stop)
            gone = time.monotonic()
            # Longer than a request waits for a connection: a quick return would be waited out.
            await asyncio.sleep(2.0)
            ready = await client.get("/health/ready")
            starting = asyncio.create_task(asyncio.to_thread(place.database.start))
            back = await asyncio.to_thread(until_answers, place.database.url)
            await starting
            await asyncio.sleep(max(0, back + 2.8 - time.monotonic()))

    assert ready.status_code == 503
    assert "database" in ready.text
    assert all(answer.status_code == 200 for _, answer in live.answers)
    assert {answer.status_code for _, answer in running.answers} == {200, 503}
    missed = [answer for _, answer in running.answers if answer.status_code == 503]
    assert all(is_refusal(answer, 503, "database_unavailable") for answer in missed)
    assert any(answer.status_code == 503 for answer in running.since(gone))
    after = running.since(back + 2)
    assert len(after) > 5
    assert all(answer.status_code == 200 for answer in after)


def test_a_restart_while_nobody_asks_is_not_noticed(place: Place) -> None:
    works_within(place.url, 5)
    place.database.stop(signal.SIGINT)
    place.database.start()

    answers = [ask.get(f"{place.url}/v1/products") for _ in range(15)]

    assert [answer.status_code for answer in answers] == [200] * 15


def test_a_commit_whose_answer_is_lost_is_settled_by_the_same_key(
    place: Place, admin: dict[str, str]
) -> None:
    headers = {**admin, "idempotency-key": "lost-answer-1"}
    body = a_product("LOST-1", "Lost")
    place.wire.turn(Weather.COMMIT_LOST)
    lost = ask.post(f"{place.url}/v1/products", json=body, headers=headers)
    place.wire.turn(Weather.FAIR)

    assert is_refusal(lost, 503, "outcome_unknown")
    assert place.wire.commits_lost == 1
    again = ask.post(f"{place.url}/v1/products", json=body, headers=headers)
    third = ask.post(f"{place.url}/v1/products", json=body, headers=headers)
    assert again.status_code == third.status_code == 201, again.text
    assert again.headers["idempotent-replayed"] == third.headers["idempotent-replayed"] == "true"
    assert again.content == third.content
    assert how_many(place.url, "Lost") == 1


def test_a_database_that_falls_silent_is_given_up_in_two_seconds(place: Place) -> None:
    works_within(place.url, 5)
    place.wire.turn(Weather.SILENT)
    try:
        for _ in range(3):
            begun = time.monotonic()
            answer = ask.get(f"{place.url}/v1/products", timeout=20)
            took = time.monotonic() - begun
            assert is_refusal(answer, 503, "database_unavailable")
            assert took < 2.5
            begun = time.monotonic()
            assert ask.get(f"{place.url}/health/live", timeout=20).status_code == 200
            assert time.monotonic() - begun < 0.5
        begun = time.monotonic()
        assert ask.get(f"{place.url}/health/ready", timeout=20).status_code == 503
        assert time.monotonic() - begun < 2
    finally:
        place.wire.turn(Weather.FAIR)
    works_within(place.url, 5)


def test_connections_that_are_reset_are_made_anew(place: Place) -> None:
    works_within(place.url, 5)
    place.wire.turn(Weather.RESET)
    answer = ask.get(f"{place.url}/v1/products", timeout=20)
    place.wire.turn(Weather.FAIR)

    assert is_refusal(answer, 503, "database_unavailable")
    works_within(place.url, 2)


def test_a_slow_wire_makes_it_slow_and_nothing_else(place: Place, admin: dict[str, str]) -> None:
    place.wire.delay = 0.05
    try:
        made = ask.post(
            f"{place.url}/v1/products", json=a_product("SLOW-1", "Slow"), headers=admin, timeout=20
        )
    finally:
        place.wire.delay = 0.0
    assert made.status_code == 201, made.text


def somebody() -> dict[str, str]:
    return {"email": f"{uuid4().hex}@example.com", "password": "notes on the engine"}


async def test_listing_does_not_fail_while_twenty_register_and_sign_in(place: Place) -> None:
    people = [somebody() for _ in range(20)]
    async with client_of(place.url) as client:

        async def listing() -> httpx.Response:
            return await client.get("/v1/products?limit=20")

        async with load(listing, listing) as running:
            registered = await asyncio.gather(
                *(client.post("/v1/auth/register", json=person) for person in people)
            )
            known = [p for p, made in zip(people, registered, strict=True) if made.is_success]
            signed_in = await asyncio.gather(
                *(client.post("/v1/auth/login", json=person) for person in known)
            )

    for answers, done in ((registered, 201), (signed_in, 200)):
        assert {answer.status_code for answer in answers} <= {done, 503}
        assert 4 * sum(answer.status_code == done for answer in answers) >= 3 * len(answers)
    assert len(running.answers) > 10
    assert all(answer.status_code == 200 for _, answer in running.answers)


def test_a_body_that_trickles_is_not_waited_for(place: Place) -> None:
    with connected(place.url) as wire:
        head = b"POST /v1/auth/login HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n"
        wire.sendall(head + b"content-length: 50\r\n\r\n{")
        for _ in range(12):
            time.sleep(0.1)
            with suppress(OSError):
                wire.sendall(b" ")
        said = all_of(wire)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in said
    assert b"connection: close" in said.lower()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
        b"hello?\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost shop\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: minus one\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_as_a_problem(place: Place, nonsense: bytes) -> None:
    with connected(place.url) as wire:
        wire.sendall(nonsense)
        said = all_of(wire)
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 "), said
    assert b"application/problem+json" in head
    assert b'"code":"malformed_request"' in body


def connected(url: str) -> socket.socket:
    parts = httpx.URL(url)
    assert parts.port is not None
    return socket.create_connection((parts.host, parts.port), timeout=10)


def all_of(wire: socket.socket) -> bytes:
    said = b""
    with suppress(ConnectionResetError):
        while chunk := wire.recv(65_536):
            said += chunk
    return said


async def test_a_killed_server_leaves_every_acknowledged_product_once(
    own: tuple[OwnPostgres, Proxy, str], tmp_path: Path
) -> None:
    wanted = [f"KILL-{number}" for number in range(80)]
    acknowledged: list[str] = []
    enough = asyncio.Event()
    extra = {"DATABASE_URL": own[2], "ECOMMERCE_DEMO": "0"}

    at_once = asyncio.Semaphore(4)

    async def create(client: httpx.AsyncClient, sku: str, headers: dict[str, str]) -> None:
        async with at_once:
            answer = await client.post(
                "/v1/products",
                json=a_product(sku, "Killed"),
                headers={**headers, "idempotency-key": f"key-{sku}"},
            )
        assert answer.status_code == 201, answer.text
        acknowledged.append(sku)
        if len(acknowledged) >= 20:
            enough.set()

    with running_shop(tmp_path, extra) as shop:
        headers = signed_in(shop.url)
        async with client_of(shop.url) as client:
            running = [asyncio.create_task(create(client, sku, headers)) for sku in wanted]
            await asyncio.wait_for(enough.wait(), 30)
            assert shop.stop(signal.SIGKILL) == -signal.SIGKILL
            done = await asyncio.gather(*running, return_exceptions=True)
        failed = [one for one in done if one is not None]
        assert all(isinstance(one, httpx.TransportError) for one in failed), failed
    before = list(acknowledged)
    assert 20 <= len(before) < len(wanted)

    with running_shop(tmp_path, extra) as shop:
        headers = signed_in(shop.url)
        present = how_many(shop.url, "Killed")
        assert present >= len(before)
        async with client_of(shop.url) as client:
            for sku in before:
                assert (await client.get(f"/v1/inventory/{sku}", headers=headers)).is_success
            for sku in wanted:
                await create(client, sku, headers)
        assert how_many(shop.url, "Killed") == len(wanted)


async def test_sigterm_lets_what_was_accepted_finish(place: Place) -> None:
    works_within(place.url, 5)
    async with client_of(place.url) as client:
        people = [somebody() for _ in range(20)]

        async def send(path: str, person: dict[str, str]) -> httpx.Response:
            return await client.post(f"/v1/auth/{path}", json=person)

        made = await asyncio.gather(*(send("register", each) for each in people))  # all connect
        assert [answer.status_code for answer in made] == [201] * 20
        asked = [asyncio.create_task(send("login", each)) for each in people]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        begun = time.monotonic()
        place.shop.process.send_signal(signal.SIGTERM)
        answers = await asyncio.gather(*asked)
        code = await asyncio.to_thread(place.shop.process.wait, 15)
    assert [answer.status_code for answer in answers] == [200] * 20
    assert code == 0, place.shop.log.read_text()
    assert time.monotonic() - begun < 10
