"""What a shopper and a member of staff do, from beginning to end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from tests.support import ask
from tests.support.shop import RunningShop

PASSWORD: Final = "notes on the engine"
BRAND: Final = "Wayfarer"


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """A refusal, which always has the same form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['access_token']}"}


def sign_in(client: httpx.Client, email: str) -> dict[str, Any]:
    answer = client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    assert tokens["token_type"] == "Bearer"
    return tokens


def refresh(client: httpx.Client, token: str) -> httpx.Response:
    return client.post("/v1/auth/refresh", json={"refresh_token": token})


@pytest.fixture
def email(client: httpx.Client) -> str:
    """The address of a customer who has just registered."""
    address = f"{uuid4().hex}@example.com"
    made = client.post(
        "/v1/auth/register", json={"email": address, "password": PASSWORD, "full_name": "Ada"}
    )
    assert made.status_code == 201, made.text
    assert made.json()["role"] == "customer"
    return address


def test_a_customer_registers_signs_in_and_is_known(client: httpx.Client, email: str) -> None:
    again = {"email": email.upper(), "password": PASSWORD}
    problem(client.post("/v1/auth/register", json=again), 409, "email_taken")
    wrong = client.post("/v1/auth/login", json={"email": email, "password": "another"})
    nobody = client.post("/v1/auth/login", json={"email": f"x{email}", "password": "another"})
    assert problem(wrong, 401, "invalid_credentials")["detail"] == nobody.json()["detail"]

    mine = bearer(sign_in(client, email))
    me = client.get("/v1/me", headers=mine)
    assert me.json()["email"] == email
    changed = client.patch(
        "/v1/me", json={"full_name": "Ada King"}, headers={**mine, "if-match": me.headers["etag"]}
    )
    assert changed.json()["full_name"] == "Ada King"
    problem(client.get("/v1/me"), 401, "not_authenticated")
    problem(
        client.post("/v1/categories", json={"name": "X"}, headers=mine), 403, "permission_denied"
    )
    problem(client.get("/v1/inventory", headers=mine), 403, "permission_denied")


def test_a_refresh_token_works_once_and_a_replay_ends_its_family(
    client: httpx.Client, email: str
) -> None:
    first, other = sign_in(client, email), sign_in(client, email)
    second = refresh(client, first["refresh_token"]).json()
    assert client.get("/v1/me", headers=bearer(second)).status_code == 200

    problem(refresh(client, first["refresh_token"]), 401, "token_replayed")

    assert refresh(client, second["refresh_token"]).status_code == 401
    assert client.get("/v1/me", headers=bearer(second)).status_code == 401
    assert client.get("/v1/me", headers=bearer(other)).status_code == 200


def test_signing_out_works_at_once(client: httpx.Client, email: str) -> None:
    tokens = sign_in(client, email)
    assert client.get("/v1/me", headers=bearer(tokens)).status_code == 200

    ended = client.post("/v1/auth/logout", json={"refresh_token": tokens["refresh_token"]})

    assert ended.status_code == 204
    problem(client.get("/v1/me", headers=bearer(tokens)), 401, "session_ended")
    assert refresh(client, tokens["refresh_token"]).status_code == 401


def create(
    client: httpx.Client, admin: dict[str, str], address: str, body: dict[str, Any]
) -> dict[str, Any]:
    answer = client.post(address, json=body, headers=admin)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert client.get(answer.headers["location"], headers=admin).is_success
    return made


def variant(sku: str, amount: int, on_hand: int = 0, **options: str) -> dict[str, Any]:
    price = {"amount": amount, "currency": "USD"}
    return {"sku": sku, "price": price, "on_hand": on_hand, "options": options}


@pytest.fixture(scope="module")
def tree(client: httpx.Client, admin: dict[str, str]) -> dict[str, Any]:
    """Travel > Bags > Rucksacks."""
    travel = create(client, admin, "/v1/categories", {"name": "Travel"})
    bags = create(client, admin, "/v1/categories", {"name": "Bags", "parent_id": travel["id"]})
    rucksacks = {"name": "Rucksacks", "parent_id": bags["id"]}
    return {
        "travel": travel,
        "bags": bags,
        "rucksacks": create(client, admin, "/v1/categories", rucksacks),
    }


@pytest.fixture(scope="module")
def rucksack(client: httpx.Client, admin: dict[str, str], tree: dict[str, Any]) -> dict[str, Any]:
    body = {
        "name": "Rucksack",
        "brand": BRAND,
        "status": "active",
        "category_id": tree["rucksacks"]["id"],
        "attributes": {"litres": 30, "colour": ["red", "blue"]},
        "options": [{"name": "Size", "values": ["S", "L"]}],
        "variants": [variant("RUCK-S", 8900, 2, Size="S"), variant("RUCK-L", 9900, 0, Size="L")],
    }
    return create(client, admin, "/v1/products", body)


def test_the_tree_keeps_its_shape(
    client: httpx.Client, admin: dict[str, str], tree: dict[str, Any], rucksack: dict[str, Any]
) -> None:
    travel, bags = tree["travel"]["id"], tree["bags"]["id"]
    found = client.get(f"/v1/categories/{tree['rucksacks']['slug']}").json()
    assert [above["name"] for above in found["ancestors"]] == ["Travel", "Bags"]
    assert client.get(f"/v1/categories/{travel}").json()["product_count"]["value"] >= 1
    below = client.patch(f"/v1/categories/{travel}", json={"parent_id": bags}, headers=admin)
    problem(below, 422, "category_cycle")
    gone = client.delete(f"/v1/categories/{bags}", headers=admin)
    problem(gone, 409, "category_not_empty")
    nested = client.get("/v1/categories/tree", params={"root": travel}).json()
    assert "Rucksacks" in str(nested)


def test_stock_follows_its_ledger(
    client: httpx.Client, admin: dict[str, str], rucksack: dict[str, Any]
) -> None:
    def adjust(delta: int) -> httpx.Response:
        body = {"delta": delta, "reason": "counted"}
        return client.post("/v1/inventory/ruck-l/adjustments", json=body, headers=admin)

    def in_stock() -> list[bool]:
        shown = client.get(f"/v1/products/{rucksack['id']}").json()
        return [one["in_stock"] for one in shown["variants"]]

    assert in_stock() == [True, False]
    assert adjust(3).status_code == 201
    assert in_stock() == [True, True]
    problem(adjust(-4), 409, "stock_reserved")
    assert adjust(-3).status_code == 201
    assert in_stock() == [True, False]
    movements = client.get("/v1/inventory/RUCK-L/movements", headers=admin).json()["items"]
    assert sum(one["delta"] for one in movements) == 0
    assert {one["delta"] for one in movements} >= {3, -3}


def test_two_editors_of_one_product(
    client: httpx.Client, admin: dict[str, str], rucksack: dict[str, Any]
) -> None:
    address = f"/v1/products/{rucksack['id']}"
    read = client.get(address)
    tag = {"if-match": read.headers["etag"], **admin}

    kept = client.get(address, headers={"if-none-match": read.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    first = client.patch(address, json={"tags": ["first"]}, headers=tag)
    second = client.patch(address, json={"tags": ["second"]}, headers=tag)

    assert first.status_code == 200, first.text
    problem(second, 412, "precondition_failed")
    assert client.get(address).json()["tags"] == ["first"]
    assert client.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 304


def test_an_old_slug_leads_to_the_new_one_and_what_is_deleted_is_gone(
    client: httpx.Client, admin: dict[str, str]
) -> None:
    body = {"name": "Short lived", "status": "active", "variants": [variant("SHORT-1", 100)]}
    made = create(client, admin, "/v1/products", body)
    address = f"/v1/products/{made['id']}"
    renamed = client.patch(address, json={"slug": "short-lived-ii"}, headers=admin)
    assert renamed.status_code == 200, renamed.text

    old = client.get(f"/v1/products/{made['slug']}")
    assert old.status_code == 308
    assert client.get(old.headers["location"]).json()["id"] == made["id"]

    assert client.delete(address, headers=admin).status_code == 204
    for gone in (address, "/v1/products/short-lived-ii", f"/v1/products/{made['slug']}"):
        problem(client.get(gone), 404, "product_not_found")


def test_fifty_at_once_with_one_key_have_one_effect_and_one_answer(
    shop: RunningShop, client: httpx.Client, admin: dict[str, str]
) -> None:
    body = {"name": "Once", "brand": "Once", "status": "active", "variants": [variant("ONCE", 1)]}
    headers = {**admin, "idempotency-key": uuid4().hex}

    with ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(
                lambda _: ask.post(
                    f"{shop.url}/v1/products", json=body, headers=headers, timeout=20
                ),
                range(50),
            )
        )

    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in made) == 1
    for refused in (answer for answer in answers if answer.status_code != 201):
        # Those for whom there was no room in time may come again with the same key, too.
        # Either the process had no place for them, or the pool no connection.
        code = refused.json()["code"]
        busy = code in {"overloaded", "database_unavailable"}
        problem(refused, 503 if busy else 409, code if busy else "idempotency_in_progress")
    replayed = client.post("/v1/products", json=body, headers=headers)
    assert replayed.content == made[0].content
    assert replayed.headers["idempotent-replayed"] == "true"
    other = client.post("/v1/products", json={**body, "name": "Twice"}, headers=headers)
    problem(other, 422, "idempotency_key_reused")
    listed = client.get("/v1/products", params={"brand": "Once"}).json()["items"]
    assert [card["id"] for card in listed] == [made[0].json()["id"]]


def pages(client: httpx.Client, query: dict[str, Any]) -> Iterator[list[str]]:
    """Every page forwards, then every page backwards, by the links that the answers give."""
    answer = client.get("/v1/products", params=query)
    while True:
        yield [card["id"] for card in answer.json()["items"]]
        if "next" not in answer.links:
            break
        answer = client.get(answer.links["next"]["url"])
    yield []
    while True:
        yield [card["id"] for card in answer.json()["items"]]
        if "prev" not in answer.links:
            break
        answer = client.get(answer.links["prev"]["url"])


@pytest.mark.parametrize("sort", ["name", "-name", "price", "-price", "created_at", "-created_at"])
def test_paging_both_ways_meets_each_product_once(client: httpx.Client, sort: str) -> None:
    total = client.get("/v1/products", params={"include_total": "true"}).json()["total"]["value"]
    walked = list(pages(client, {"limit": "7", "sort": sort}))
    turn = walked.index([])
    forwards = [one for page in walked[:turn] for one in page]
    backwards = [one for page in reversed(walked[turn + 1 :]) for one in page]

    assert len(forwards) == len(set(forwards)) == total
    assert backwards == forwards


def test_filters_narrow_the_listing(
    client: httpx.Client, admin: dict[str, str], tree: dict[str, Any], rucksack: dict[str, Any]
) -> None:
    def ids(**query: str | list[str]) -> list[str]:
        answer = client.get("/v1/products", params={"limit": "100", **query})
        assert answer.status_code == 200, answer.text
        return [card["id"] for card in answer.json()["items"]]

    mine = rucksack["id"]
    assert ids(category=tree["travel"]["slug"]) == [mine]
    assert ids(category=[tree["bags"]["id"], "no-such-category"]) == [mine]
    assert ids(category="no-such-category") == []
    assert ids(brand=BRAND, price_min="8900", price_max="8900", in_stock="true") == [mine]
    assert ids(brand=BRAND, price_min="9000") == []
    assert ids(brand=BRAND, **{"attr.colour": ["blue", "green"], "attr.litres": ["30"]}) == [mine]
    assert ids(brand=BRAND, **{"attr.colour": "green"}) == []
    assert ids(brand=BRAND, in_stock="false") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "malformed_request"),
        ("limit=1&limit=2", "malformed_request"),
        ("colour=red", "malformed_request"),
        ("cursor=tampered", "invalid_cursor"),
        ("q=", "malformed_request"),
    ],
)
def test_a_listing_is_refused_as_a_problem(client: httpx.Client, query: str, code: str) -> None:
    problem(client.get(f"/v1/products?{query}"), 400, code)


def test_a_cursor_of_another_query_is_refused(client: httpx.Client) -> None:
    cursor = client.get("/v1/products?limit=5").json()["next_cursor"]
    other = client.get("/v1/products", params={"limit": "5", "sort": "name", "cursor": cursor})
    problem(other, 400, "invalid_cursor")
    assert client.head("/v1/products?limit=5").headers["etag"]
    problem(client.put("/v1/products"), 405, "method_not_allowed")
    problem(client.get("/v1/nothing"), 404, "not_found")
