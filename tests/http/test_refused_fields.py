"""Every refusal of a value says which field it is about."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.http.conftest import a_product
from tests.http.people import Shop, open_shop, refused
from tests.support.identity import PASSWORD
from tests.support.letters import forget, token_in, written

from ecommerce.domain.identity.user import Role

ADA = {"email": "ada@example.com", "password": PASSWORD}
KEY = {"name": "Scanner", "permissions": ["catalog:read"], "expires_in_days": 1}
STOCK = "/v1/inventory/MUG-1/adjustments"
FAIR = {"sku": "A", "price": {"amount": 100, "currency": "USD"}}
FOREIGN = {"amount": 200, "currency": "JPY"}
NAMELESS = "\u0007"


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "body", "code", "pointer"),
    [
        ("/v1/auth/register", {**ADA, "email": "ada"}, "invalid_email", "/email"),
        ("/v1/auth/register", {**ADA, "password": "seven77"}, "weak_password", "/password"),
        ("/v1/auth/register", {**ADA, "password": "e\u0301" * 4}, "weak_password", "/password"),
        ("/v1/auth/register", {**ADA, "password": "password123"}, "weak_password", "/password"),
        ("/v1/auth/register", {**ADA, "password": "teapots2026"}, "weak_password", "/password"),
        (
            "/v1/auth/register",
            {**ADA, "password": "Correct horse battery staple"},
            "weak_password",
            "/password",
        ),
        ("/v1/auth/register", {**ADA, "full_name": " "}, "invalid_full_name", "/full_name"),
        ("/v1/roles", {"name": NAMELESS, "permissions": []}, "invalid_role", "/name"),
        (
            "/v1/roles",
            {"name": "Warehouse", "description": NAMELESS, "permissions": []},
            "invalid_role",
            "/description",
        ),
        ("/v1/api-keys", {**KEY, "name": NAMELESS}, "invalid_api_key", "/name"),
        ("/v1/products", a_product(slug="bulk"), "invalid_slug", "/slug"),
        (
            "/v1/products",
            a_product(slug="cup", variants=[FAIR, {**FAIR, "sku": "B", "price": FOREIGN}]),
            "currency_not_supported",
            "/variants/1/price/currency",
        ),
        (
            "/v1/products",
            a_product(slug="cup", variants=[{**FAIR, "compare_at_price": FOREIGN}]),
            "currency_not_supported",
            "/variants/0/compare_at_price/currency",
        ),
        (STOCK, {"delta": 0, "reason": "Counted."}, "invalid_movement", "/delta"),
        (STOCK, {"delta": 1, "reason": " "}, "invalid_movement", "/reason"),
        (
            STOCK,
            {"delta": 1, "reason": "Counted.", "reference": " "},
            "invalid_movement",
            "/reference",
        ),
        (
            "/v1/api-keys",
            {**KEY, "permissions": ["catalog:read", "roles:write"]},
            "not_for_api_keys",
            "/permissions/1",
        ),
    ],
)
async def test_what_is_made_of_a_bad_value(
    shop: Shop, path: str, body: dict[str, object], code: str, pointer: str
) -> None:
    headers = await shop.newcomer(Role.ADMIN, "boss@example.com")
    await shop.client.post("/v1/products", json=a_product(slug="mug"), headers=headers)
    problem = refused(await shop.client.post(path, json=body, headers=headers), 422, code)
    (error,) = problem["errors"]
    assert (error["pointer"], bool(error["detail"])) == (pointer, True)


async def test_a_bad_value_of_what_is_there_already(shop: Shop) -> None:
    headers = await shop.newcomer(Role.ADMIN, "ada@example.com")
    made = await shop.client.post(
        "/v1/roles", json={"name": "Warehouse", "permissions": []}, headers=headers
    )
    role, own = made.headers["location"], "/v1/me"
    for path, body, code, pointer in [
        (role, {"name": NAMELESS}, "invalid_role", "/name"),
        (role, {"description": NAMELESS}, "invalid_role", "/description"),
        (own, {"full_name": NAMELESS}, "invalid_full_name", "/full_name"),
    ]:
        answer = await shop.client.patch(path, json=body, headers=headers)
        assert [e["pointer"] for e in refused(answer, 422, code)["errors"]] == [pointer]


async def test_a_weak_password_is_pointed_at_by_the_name_it_has_there(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    await forget(shop.identity)
    token = token_in(written(shop.store, "reset_password")[-1])
    reset = await shop.client.post(
        "/v1/auth/password/reset", json={"token": token, "password": "password123"}
    )
    body = {"current_password": PASSWORD, "new_password": "password123"}
    changed = await shop.client.put("/v1/me/password", json=body, headers=headers)
    breached = {**body, "new_password": "Correct horse battery staple"}
    again = await shop.client.put("/v1/me/password", json=breached, headers=headers)
    assert [
        [e["pointer"] for e in refused(answer, 422, "weak_password")["errors"]]
        for answer in (reset, changed, again)
    ] == [["/password"], ["/new_password"], ["/new_password"]]


async def test_an_address_that_is_none_is_pointed_at_in_a_query_as_well(shop: Shop) -> None:
    headers = await shop.newcomer(Role.ADMIN, "boss@example.com")
    answer = await shop.client.get("/v1/users?email=x", headers=headers)
    assert refused(answer, 422, "invalid_email")["errors"] == [
        {"pointer": "/email", "detail": "is not an e-mail address."}
    ]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("attr.=x", "attr."),
        ("attr.size=1&attr.=x", "attr."),
        ("attr.size=1&attr.colour=" + "x" * 256, "attr.colour"),
        ("&".join(f"attr.a{n}=1" for n in range(21)), "attr."),
        ("brand=" + "x" * 256, "brand"),
    ],
)
async def test_a_filter_that_cannot_be_is_named_as_it_was_sent(
    shop: Shop, query: str, name: str
) -> None:
    answer = await shop.client.get(f"/v1/products?{query}")
    problem = refused(answer, 400, "malformed_request")
    assert problem["detail"].startswith(f"Query parameter {name!r}: Expected ")
    assert [error["pointer"] for error in problem["errors"]] == [f"/{name}"]


async def test_an_attribute_without_a_name_is_pointed_at(shop: Shop) -> None:
    headers = await shop.newcomer(Role.ADMIN, "boss@example.com")
    body = {"name": "Mug", "attributes": {"": "x"}}
    problem = refused(
        await shop.client.post("/v1/products", json=body, headers=headers),
        400,
        "malformed_request",
    )
    assert [error["pointer"] for error in problem["errors"]] == ["/attributes"]
