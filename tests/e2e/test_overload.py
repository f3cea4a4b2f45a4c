"""More than the shop can do: what is let in is answered, the rest is refused, health goes on."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import httpx
import psycopg
import pytest
from tests.support import ask, postgres
from tests.support.shop import RunningShop, running_shop

CLIENTS = 60


@pytest.fixture(scope="module")
def url(postgres_server: str) -> Iterator[str]:
    with postgres.database(postgres_server, f"ecommerce_overload_{uuid4().hex[:16]}") as made:
        yield made


@pytest.fixture(scope="module")
def shop(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """A shop that works on two requests at once, over one connection, with its limits as they are
    by default.
    """
    settings = {
        "DATABASE_URL": url,
        "ECOMMERCE_CACHE_MB": "0",
        "ECOMMERCE_IN_FLIGHT": "2",
        "ECOMMERCE_POOL_SIZE": "1",
        "ECOMMERCE_RATE_LIMITS": "",
    }
    with running_shop(tmp_path_factory.mktemp("data"), settings) as shop:
        yield shop


async def test_health_does_not_wait_behind_requests(shop: RunningShop, url: str) -> None:
    """The one connection that requests share waits for a lock, and is given up a second later."""
    async with ask.async_client(base_url=shop.url, timeout=20) as client:
        await asyncio.sleep(1.1)  # What health was told at the start is good for a second.
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE category IN ACCESS EXCLUSIVE MODE")
            waiting = asyncio.create_task(client.get("/v1/categories"))
            await asyncio.sleep(0.2)
            ready = await client.get("/health/ready")
            assert not waiting.done(), "the connection was given up before health was asked"
            assert ready.status_code == 200, ready.text
            assert (await waiting).status_code == 503


async def _rush(url: str) -> tuple[list[httpx.Response], list[httpx.Response]]:
    limits = httpx.Limits(max_connections=CLIENTS + 1)
    async with ask.async_client(base_url=url, timeout=30, limits=limits) as client:
        health: list[httpx.Response] = []
        over = asyncio.Event()

        async def probe() -> None:
            while not over.is_set():
                health.append(await client.get("/health/live"))
                health.append(await client.get("/health/ready"))
                await asyncio.sleep(0.01)

        async def shopper(number: int) -> list[httpx.Response]:
            headers = {"X-Request-ID": f"rush-{number}"} if number % 2 else {}
            return [
                await client.get(f"/v1/products?limit={1 + number}&q=a", headers=headers)
                for _ in range(10)
            ]

        probing = asyncio.ensure_future(probe())
        answers = await asyncio.gather(*(shopper(number) for number in range(CLIENTS)))
        over.set()
        await probing
    return [answer for each in answers for answer in each], health


async def test_what_is_too_much_is_refused_at_once_and_health_goes_on(shop: RunningShop) -> None:
    answers, health = await _rush(shop.url)
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 503}, statuses
    assert {answer.status_code for answer in health} == {200}
    for answer in answers:
        if answer.status_code != 503:
            continue
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["code"] == "overloaded"
        assert problem["type"] == "/problems/overloaded"
        assert problem["request_id"] == answer.headers["x-request-id"]
    refused = [answer for answer in answers if answer.status_code == 503]
    by_server = [answer for answer in refused if "referrer-policy" not in answer.headers]
    assert by_server, "most are refused by the server, before the application sees them"
    assert not [a for a in by_server if a.request.headers.get("x-request-id")]
    log = shop.log.read_text()
    assert '"event":"overloaded"' in log.replace('": "', '":"')
    async with ask.async_client(base_url=shop.url) as client:
        after = await client.get("/v1/products")
    assert after.status_code == 200
    assert after.headers["ratelimit-policy"].startswith('"reads"')


async def test_a_refused_body_ends_its_connection_and_is_never_read_as_a_request(
    shop: RunningShop,
) -> None:
    """However many there are, what was in a body is never served."""

    async def one(number: int) -> list[int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(shop.url).port)
        hidden = b"GET /docs HTTP/1.1\r\nhost: shop.test\r\n\r\n"
        writer.write(
            b"POST /v1/auth/logout HTTP/1.1\r\nhost: shop.test\r\n"
            b"content-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
            % len(hidden)
            + hidden
        )
        got = await reader.read()
        writer.close()
        return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:] if part[:3].isdigit()]

    statuses = await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    assert {len(each) for each in statuses} == {1}
    assert {each[0] for each in statuses} <= {400, 503}
