"""Who may ask how often, and what answers say of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import pytest
from litestar.types import ASGIApp
from tests.http.conftest import STAFF, a_product, bearer, client_of, services
from tests.http.raw import RawAnswer, exchange
from tests.http.shared import application

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.application.shared.pacing import Pace, Rate
from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.client_address import Proxies
from ecommerce.entrypoints.http.operation import operation_of
from ecommerce.entrypoints.http.perimeter import Perimeter
from ecommerce.entrypoints.http.rate_limits import DEFAULTS, RateLimits, parse_rates

JSON = (b"content-type", b"application/json")
CREDENTIALS = b'{"email":"nobody@example.com","password":"a wrong password"}'
LIMITED = (429, "rate_limited")


@dataclass
class Watch:
    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def limits(watch: Watch, *, processes: int = 1, **rates: Rate) -> RateLimits:
    pace: Pace = InMemoryPace(now=watch)
    return RateLimits(rates, exact=pace, own=pace, processes=processes)


def app_of(given: RateLimits, proxies: str = "") -> ASGIApp:
    perimeter = Perimeter(proxies=Proxies.parse(proxies))
    return application(services(limits=given, perimeter=perimeter))


async def read(
    app: ASGIApp,
    *,
    role: str | None = None,
    peer: str = "203.0.113.9",
    target: bytes = b"/v1/products",
) -> RawAnswer:
    headers = [] if role is None else [(b"authorization", f"Bearer {role}".encode())]
    return await exchange(app, "GET", target, headers=headers, peer=peer)


async def sign_in(app: ASGIApp, peer: str, told: str | None = None) -> RawAnswer:
    headers = [JSON, *([] if told is None else [(b"x-forwarded-for", told.encode())])]
    target = b"/v1/auth/login"
    return await exchange(app, "POST", target, headers=headers, chunks=[CREDENTIALS], peer=peer)


async def test_answers_say_what_is_left() -> None:
    app = app_of(limits(Watch(), reads=Rate(2, 10)))
    first, second, third = [await read(app) for _ in range(3)]
    assert [answer.status for answer in (first, second, third)] == [200, 200, 429]
    for answer in (first, second, third):
        assert answer.headers["ratelimit-policy"] == '"reads";q=2;w=10'
    assert first.headers["ratelimit"] == '"reads";r=1;t=5'
    assert second.headers["ratelimit"] == '"reads";r=0;t=10'
    assert third.headers["ratelimit"] == '"reads";r=0;t=10'
    problem = third.json()
    assert (problem["status"], problem["code"]) == LIMITED
    assert third.headers["content-type"] == "application/problem+json"
    assert third.headers["retry-after"] == "5"
    assert third.headers["cache-control"] == "no-store"


async def test_after_the_time_in_retry_after_one_is_let_in() -> None:
    watch = Watch()
    app = app_of(limits(watch, reads=Rate(2, 10)))
    answers = [await read(app) for _ in range(3)]
    watch.seconds += int(answers[-1].headers["retry-after"])
    assert (await read(app)).status == 200


async def test_accounts_have_budgets_of_their_own_wherever_they_are() -> None:
    app = app_of(limits(Watch(), reads=Rate(2, 10)))
    for peer in ("203.0.113.1", "203.0.113.2"):
        assert (await read(app, role="staff", peer=peer)).status == 200
    assert (await read(app, role="staff", peer="203.0.113.3")).status == 429
    assert (await read(app, role="customer", peer="203.0.113.3")).status == 200
    assert (await read(app, peer="203.0.113.3")).status == 200


async def test_a_subscribers_ipv6_addresses_share_one_budget() -> None:
    app = app_of(limits(Watch(), reads=Rate(2, 10)))
    for number in range(2):
        assert (await read(app, peer=f"2001:db8:0:1::{number}")).status == 200
    assert (await read(app, peer="2001:db8:0:1:ffff::1")).status == 429
    assert (await read(app, peer="2001:db8:0:2::1")).status == 200


async def test_tokens_that_nobody_issued_count_for_the_client() -> None:
    app = app_of(limits(Watch(), reads=Rate(2, 10)))
    statuses = [(await read(app, role=f"forged{number}")).status for number in range(3)]
    assert statuses == [401, 401, 429]
    assert (await read(app)).status == 429
    assert (await read(app, role="staff")).status == 200


async def test_signing_in_is_limited_by_client_and_not_by_who_one_says_one_is() -> None:
    app = app_of(limits(Watch(), sign_in=Rate(2, 60)))
    statuses = [(await sign_in(app, "203.0.113.9")).status for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert (await sign_in(app, "203.0.113.10")).status == 401
    assert (await read(app)).status == 200


async def test_behind_a_proxy_only_a_trusted_one_says_who_the_client_is() -> None:
    untold = app_of(limits(Watch(), sign_in=Rate(1, 60)))
    assert [(await sign_in(untold, "10.0.0.1", f"203.0.113.{n}")).status for n in range(2)] == [
        401,
        429,
    ]
    told = app_of(limits(Watch(), sign_in=Rate(1, 60)), proxies="10.0.0.0/8")
    for number in range(3):
        assert (await sign_in(told, "10.0.0.1", f"203.0.113.{number}")).status == 401
    assert (await sign_in(told, "10.0.0.1", "198.51.100.1, 203.0.113.1")).status == 429


async def test_reads_writes_and_bulk_are_counted_apart() -> None:
    given = limits(Watch(), reads=Rate(1, 60), writes=Rate(1, 60), bulk=Rate(1, 60))
    async with client_of(services(limits=given)) as client:

        async def each() -> list[int]:
            answers = [
                await client.get("/v1/products", headers=STAFF),
                await client.post("/v1/products", json=a_product(), headers=STAFF),
                await client.post(
                    "/v1/products/bulk", json={"items": [], "on_error": "skip"}, headers=STAFF
                ),
            ]
            return [answer.status_code for answer in answers]

        assert 429 not in await each()
        assert await each() == [429, 429, 429]


async def test_health_is_never_limited() -> None:
    app = app_of(limits(Watch(), reads=Rate(1, 60)))
    for _ in range(5):
        answer = await read(app, target=b"/health/live")
        assert answer.status == 200
        assert "ratelimit" not in answer.headers


async def test_each_of_several_processes_grants_its_share_of_what_it_counts_alone() -> None:
    app = app_of(limits(Watch(), processes=4, reads=Rate(10, 60), sign_in=Rate(2, 60)))
    assert [(await read(app)).status for _ in range(4)] == [200, 200, 200, 429]
    assert [(await sign_in(app, "203.0.113.9")).status for _ in range(3)] == [401, 401, 429]


def test_whoever_may_be_anybody_has_a_limit_of_its_own() -> None:
    for route in ROUTES:
        found = operation_of(route)
        assert found is not None
        if "GET" not in route.http_methods and found.access.kind == "public":
            assert found.pace not in (None, "none", "reads", "writes"), (
                f"{found.operation_id}: say which budget it draws on (operation(pace=...))"
            )


async def _as(client: httpx.AsyncClient, headers: Mapping[str, str]) -> list[int]:
    """What a busy person does in a minute: a page every second, and what each page asks for."""
    addresses = [
        address
        for number in range(60)
        for address in (
            "/v1/categories/tree",
            f"/v1/products?limit={1 + number}",
            "/v1/products?q=mug",
            "/v1/search/suggest?q=mu",
        )
    ]
    return [(await client.get(address, headers=headers)).status_code for address in addresses]


@pytest.mark.parametrize("processes", [1, 8])
async def test_the_defaults_let_a_shopper_browse_and_staff_work(processes: int) -> None:
    pace = InMemoryPace(now=Watch())
    given = RateLimits(DEFAULTS, exact=pace, own=pace, processes=processes)
    async with client_of(services(limits=given)) as client:
        assert set(await _as(client, {})) == {200}
        assert set(await _as(client, bearer("customer"))) == {200}
        for number in range(100):
            made = await client.post("/v1/products", json=a_product(f"M-{number}"), headers=STAFF)
            assert made.status_code == 201
        for _ in range(5):
            failed = await client.post("/v1/auth/login", content=CREDENTIALS, headers=_JSON)
            assert failed.status_code == 401


_JSON = {"content-type": "application/json"}


def test_rates_are_read_as_changes_to_the_defaults() -> None:
    assert parse_rates("") == DEFAULTS
    assert parse_rates("off") == {}
    changed = parse_rates(" reads = 600/60 , bulk=off,")
    assert changed["reads"] == Rate(600, 60)
    assert "bulk" not in changed
    assert changed["sign_in"] == DEFAULTS["sign_in"]
