"""``If-Match``: a change is made from a state that this very thing was seen in, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from tests.http.conftest import STAFF, a_product, client_of, create, services, settings
from tests.http.people import Shop, open_shop, refused
from tests.support.clocks import SCRIBE
from tests.support.identity import identity_over

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.domain.identity.user import Role

ADDRESS = {
    "full_name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
}
KEY = {"name": "Scanner", "permissions": ["inventory:read"], "expires_in_days": 9}


@pytest_asyncio.fixture
async def people() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest_asyncio.fixture
async def admin(people: Shop) -> dict[str, str]:
    return await people.newcomer(Role.ADMIN, "boss@example.com")


def seen(who: dict[str, str], *tags: str) -> dict[str, str]:
    return {**who, "If-Match": ", ".join(tags)}


async def test_the_etag_of_one_address_does_not_change_another(people: Shop) -> None:
    mine = await people.newcomer(Role.CUSTOMER, "ada@example.com")
    one, other = [
        await people.client.post("/v1/me/addresses", json=ADDRESS, headers=mine) for _ in range(2)
    ]
    assert (one.status_code, other.status_code) == (201, 201), one.text
    place = other.headers["location"]
    for wrong in (
        one.headers["etag"],
        (await people.client.get("/v1/me", headers=mine)).headers["etag"],
    ):
        answer = await people.client.put(place, json=ADDRESS, headers=seen(mine, wrong))
        refused(answer, 412, "precondition_failed")
        answer = await people.client.delete(place, headers=seen(mine, wrong))
        refused(answer, 412, "precondition_failed")
    both = seen(mine, one.headers["etag"], other.headers["etag"])
    assert (await people.client.delete(place, headers=both)).status_code == 204


async def test_any_of_the_states_that_are_listed_will_do(
    people: Shop, admin: dict[str, str]
) -> None:
    body: dict[str, Any] = {"name": "Warehouse", "permissions": []}
    made = await people.client.post("/v1/roles", json=body, headers=admin)
    place, tags = made.headers["location"], [made.headers["etag"]]
    for name in ("Store", "Depot"):
        changed = await people.client.patch(place, json={"name": name}, headers=admin)
        tags.append(changed.headers["etag"])
    stale = await people.client.patch(place, json={"name": "x"}, headers=seen(admin, *tags[:2]))
    problem = refused(stale, 412, "precondition_failed")
    assert problem["detail"] == "This is version 3; the change was made from 1 or 2."
    taken = await people.client.patch(place, json={"name": "x"}, headers=seen(admin, *tags))
    assert taken.status_code == 200


async def test_a_refusal_says_what_is_true_of_a_tag_that_was_never_given_out(people: Shop) -> None:
    mine = await people.newcomer(Role.CUSTOMER, "ada@example.com")
    tag = (await people.client.get("/v1/me", headers=mine)).headers["etag"]
    version = tag[1:].partition("-")[0]
    for wrong in ('"x"', f"W/{tag}", tag[:-2] + ("0" if tag[-2] != "0" else "1") + '"'):
        answer = await people.client.patch("/v1/me", json={}, headers=seen(mine, wrong))
        problem = refused(answer, 412, "precondition_failed")
        assert problem["detail"] == (
            f"This is version {version}; the change was made from no version of it."
        )


async def test_stock_has_one_line_of_versions_however_its_sku_is_written(
    client: httpx.AsyncClient,
) -> None:
    await create(client, "/v1/products", a_product("Mug/\u00df"))
    await create(client, "/v1/products", a_product("Other"))
    places = ["/v1/inventory/mug%2FSS", "/v1/inventory/MUG%2F%C3%9F"]
    body = {"delta": 1, "reason": "counted"}
    wrong = (await client.get("/v1/inventory/other", headers=STAFF)).headers["etag"]
    answer = await client.post(f"{places[0]}/adjustments", json=body, headers=seen(STAFF, wrong))
    assert answer.status_code == 412
    for place in places:
        tag = (await client.get(place, headers=STAFF)).headers["etag"]
        changed = await client.post(f"{places[0]}/adjustments", json=body, headers=seen(STAFF, tag))
        assert changed.status_code == 201, changed.text


async def test_roles_are_given_to_whom_one_looked_at(people: Shop, admin: dict[str, str]) -> None:
    user_id = await people.person(Role.STAFF, "staff@example.com")
    place = f"/v1/users/{user_id}/roles"
    body = {"name": "Looks", "permissions": ["catalog:read"]}
    role = (await people.client.post("/v1/roles", json=body, headers=admin)).json()["id"]
    first = (await people.client.get(place, headers=admin)).headers["etag"]
    account = await people.client.get(f"/v1/users/{user_id}", headers=admin)
    wrong = seen(admin, account.headers["etag"])
    answer = await people.client.put(place, json={"role_ids": [role]}, headers=wrong)
    refused(answer, 412, "precondition_failed")

    given = await people.client.put(place, json={"role_ids": [role]}, headers=seen(admin, first))
    assert given.status_code == 200, given.text
    read = await people.client.get(place, headers=admin)
    assert (read.json(), read.headers["etag"]) == (given.json(), given.headers["etag"])
    stale = await people.client.put(place, json={"role_ids": []}, headers=seen(admin, first))
    refused(stale, 412, "precondition_failed")
    assert (await people.client.get(place, headers=admin)).content == read.content

    same = await people.client.put(
        place, json={"role_ids": [role]}, headers=seen(admin, given.headers["etag"])
    )
    assert (same.status_code, same.headers["etag"]) == (200, given.headers["etag"])
    found = await people.client.get(place, headers={**admin, "If-None-Match": same.headers["etag"]})
    assert found.status_code == 304


async def test_of_many_who_give_roles_at_once_one_does(people: Shop, admin: dict[str, str]) -> None:
    user_id = await people.person(Role.STAFF, "staff@example.com")
    place = f"/v1/users/{user_id}/roles"
    tag = (await people.client.get(place, headers=admin)).headers["etag"]
    roles = []
    for number in range(8):
        body = {"name": f"Role {number}", "permissions": []}
        made = await people.client.post("/v1/roles", json=body, headers=admin)
        roles.append(made.json()["id"])
    answers = await asyncio.gather(
        *(
            people.client.put(place, json={"role_ids": [role]}, headers=seen(admin, tag))
            for role in roles
        )
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, *[412] * 7]
    (won,) = (answer for answer in answers if answer.status_code == 200)
    assert (await people.client.get(place, headers=admin)).content == won.content


async def test_a_key_is_revoked_as_it_was_read(people: Shop, admin: dict[str, str]) -> None:
    made = await people.client.post("/v1/api-keys", json=KEY, headers=admin)
    place = made.headers["location"]
    read = await people.client.get(place, headers=admin)
    assert read.headers["etag"] == made.headers["etag"]
    other = await people.client.post("/v1/api-keys", json=KEY, headers=admin)
    wrong = await people.client.delete(place, headers=seen(admin, other.headers["etag"]))
    refused(wrong, 412, "precondition_failed")
    assert (await people.client.get(place, headers=admin)).json()["revoked_at"] is None

    # Its use is shown, so the ETag is another; nobody decided it, so it is no other version.
    key = {"Authorization": f"Bearer {made.json()['key']}"}
    assert (await people.client.get("/v1/inventory", headers=key)).status_code == 200
    used = await people.client.get(place, headers=admin)
    assert used.json()["last_used_at"] is not None
    assert used.headers["etag"] != made.headers["etag"]
    gone = await people.client.delete(place, headers=seen(admin, made.headers["etag"]))
    assert gone.status_code == 204
    for stale in (made.headers["etag"], used.headers["etag"]):
        answer = await people.client.delete(place, headers=seen(admin, stale))
        refused(answer, 412, "precondition_failed")
    assert (await people.client.delete(place, headers=admin)).status_code == 204
    now = (await people.client.get(place, headers=admin)).headers["etag"]
    assert (await people.client.delete(place, headers=seen(admin, now))).status_code == 204
    assert people.audited().count("api_key.revoked") == 1


async def test_a_deployment_can_require_it_of_roles_given_and_keys_revoked() -> None:
    store = MemoryStore()
    identity = identity_over(InMemoryTransactions(store, SCRIBE), store)
    given = services(identity=identity, settings=settings(require_if_match=True))
    async with client_of(given) as client:
        people = Shop(client, identity, store)
        admin = await people.newcomer(Role.ADMIN, "boss@example.com")
        user_id = await people.person(Role.STAFF, "staff@example.com")
        place = f"/v1/users/{user_id}/roles"
        answer = await client.put(place, json={"role_ids": []}, headers=admin)
        refused(answer, 428, "precondition_required")
        made = await client.post("/v1/api-keys", json=KEY, headers=admin)
        answer = await client.delete(made.headers["location"], headers=admin)
        refused(answer, 428, "precondition_required")
        gone = await client.delete(
            made.headers["location"], headers=seen(admin, made.headers["etag"])
        )
        assert gone.status_code == 204
