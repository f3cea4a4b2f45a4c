"""Names, origins and transport: what a request must say to be let in, and what an answer says."""

import pytest
from litestar.types import ASGIApp
from tests.http.conftest import client_of, services
from tests.http.raw import exchange
from tests.http.shared import application

from ecommerce.entrypoints.http.allowed_hosts import AllowedHosts
from ecommerce.entrypoints.http.client_address import Proxies
from ecommerce.entrypoints.http.cross_origin import CrossOrigin
from ecommerce.entrypoints.http.perimeter import Perimeter

PAGE = "https://www.example.com"


def app_of(*, hosts: str = "", origins: str = "", proxies: str = "") -> ASGIApp:
    perimeter = Perimeter(
        hosts=AllowedHosts.parse(hosts),
        cross_origin=CrossOrigin.parse(origins),
        proxies=Proxies.parse(proxies),
    )
    return application(services(perimeter=perimeter))


@pytest.fixture(scope="module")
def named() -> ASGIApp:
    return app_of(hosts="shop.test, *.shop.test, 192.0.2.1, [2001:db8::1]", proxies="10.0.0.0/8")


@pytest.mark.parametrize(
    "host",
    [
        *("shop.test", "SHOP.test", "shop.test:8000", "shop.test.", "eu.shop.test"),
        *("a.b.shop.test", "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:443"),
    ],
)
async def test_the_shops_names_are_answered_to(named: ASGIApp, host: str) -> None:
    answer = await exchange(named, "GET", b"/v1/products", host=host.encode())
    assert answer.status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.test", "shop.test.evil.test", "evilshop.test", ".shop.test", "127.0.0.1", "xshop.test"],
)
async def test_other_names_are_misdirected(named: ASGIApp, host: str) -> None:
    answer = await exchange(named, "GET", b"/v1/products", host=host.encode())
    if host.startswith("."):
        assert (answer.status, answer.json()["code"]) == (400, "malformed_request")
    else:
        assert (answer.status, answer.json()["code"]) == (421, "misdirected_request")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b""],
        [b"shop.test", b"shop.test"],
        [b"shop.test, evil.test"],
        [b"shop.test:99999"],
        [b"shop.test:x"],
        [b"shop test"],
        [b"shop.test/"],
        [b"user@shop.test"],
        [b"shop.test\r\nx: y"],
        [b"\xff"],
    ],
)
async def test_a_request_names_one_host(lines: list[bytes]) -> None:
    answer = await exchange(
        app_of(), "GET", b"/v1/products", host=None, headers=[(b"host", line) for line in lines]
    )
    assert (answer.status, answer.json()["code"]) == (400, "malformed_request")


async def test_an_older_client_may_name_no_host_where_none_are_listed(named: ASGIApp) -> None:
    target = b"/v1/products"
    assert (await exchange(app_of(), "GET", target, host=None, version="1.0")).status == 200
    for app, hosts in ((named, []), (app_of(), [b"a.test", b"b.test"]), (app_of(), [b""])):
        answer = await exchange(
            app,
            "GET",
            target,
            host=None,
            headers=[(b"host", host) for host in hosts],
            version="1.0",
        )
        assert (answer.status, answer.json()["code"]) == (400, "malformed_request")
    for target in (b"/health/live", b"/health/ready"):
        assert (await exchange(named, "GET", target, host=None, version="1.0")).status == 200


async def test_balancers_ask_for_health_by_whatever_name(named: ASGIApp) -> None:
    for target in (b"/health/live", b"/health/ready"):
        assert (await exchange(named, "GET", target, host=b"10.1.2.3")).status == 200
        assert (await exchange(named, "GET", target, host=None)).status == 200


async def test_the_name_that_a_trusted_proxy_was_called_by_counts(named: ASGIApp) -> None:
    told = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-host", b"shop.test")]
    target = b"/v1/products"
    through = await exchange(
        named, "GET", target, host=b"app.internal", headers=told, peer="10.0.0.1"
    )
    assert through.status == 200
    invented = await exchange(
        named, "GET", target, host=b"app.internal", headers=told, peer="203.0.113.9"
    )
    assert invented.status == 421


async def test_only_what_came_over_tls_is_told_to_stay_there(named: ASGIApp) -> None:
    told = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]
    for target in (b"/v1/products", b"/nothing"):
        safe = await exchange(named, "GET", target, headers=told, peer="10.0.0.1")
        assert safe.headers["strict-transport-security"] == "max-age=31536000"
        plain = await exchange(named, "GET", target, headers=told, peer="203.0.113.9")
        assert "strict-transport-security" not in plain.headers


async def test_no_page_of_another_origin_may_read_anything_by_default() -> None:
    async with client_of(services()) as client:
        answer = await client.get("/v1/products", headers={"Origin": PAGE})
        asked = await client.options(
            "/v1/products", headers={"Origin": PAGE, "Access-Control-Request-Method": "GET"}
        )
    assert answer.status_code == 200
    assert asked.status_code == 405
    for each in (answer, asked):
        assert not [name for name in each.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", b"/v1/products", 200),
        ("GET", b"/nothing", 404),
        ("GET", b"/v1/%zz", 400),
        ("POST", b"/v1/products", 401),
    ],
)
async def test_a_named_origin_may_read_every_answer(
    method: str, target: bytes, status: int
) -> None:
    app = app_of(origins=f"{PAGE}, http://localhost:5173")
    answer = await exchange(app, method, target, headers=[(b"origin", PAGE.encode())])
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-credentials"] == "true"
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "Location", "Retry-After", "RateLimit", "X-Request-ID"} <= set(exposed)
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.test", "null", "http://www.example.com", "https://www.example.com:8443"),
        *("https://www.example.com.evil.test", "https://www.example.com/", ""),
    ],
)
async def test_another_origin_may_not(origin: str) -> None:
    app = app_of(origins=PAGE)
    for headers in (
        [(b"origin", origin.encode())],
        [(b"origin", PAGE.encode()), (b"origin", origin.encode())],
    ):
        answer = await exchange(app, "GET", b"/v1/products", headers=headers)
        assert answer.status == 200
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"], "caches keep it for the named origin too"


async def test_a_browser_that_asks_first_is_answered_before_any_rule() -> None:
    app = app_of(origins=PAGE)
    headers = [
        (b"origin", PAGE.encode()),
        (b"access-control-request-method", b"PATCH"),
        (b"access-control-request-headers", b"authorization, if-match"),
    ]
    answer = await exchange(app, "OPTIONS", b"/v1/me", headers=headers)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "PATCH" in answer.headers["access-control-allow-methods"].split(", ")
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "if-match", "idempotency-key", "content-type"} <= set(allowed)
    assert int(answer.headers["access-control-max-age"]) > 0
    stranger = [(b"origin", b"https://evil.test"), *headers[1:]]
    refused = await exchange(app, "OPTIONS", b"/v1/me", headers=stranger)
    assert refused.status == 405
    assert "access-control-allow-methods" not in refused.headers
    plain = await exchange(app, "OPTIONS", b"/v1/me", headers=headers[:1])
    assert plain.status == 405


async def test_any_origin_means_without_credentials() -> None:
    app = app_of(origins="*")
    answer = await exchange(app, "GET", b"/v1/products", headers=[(b"origin", PAGE.encode())])
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
