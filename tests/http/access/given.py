"""What addresses and bodies of good questions name."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

from tests.support.access import AccessShop, Caller
from tests.support.authority import Authenticator, challenged, with_second_factor
from tests.support.identity import START
from tests.support.letters import forget, token_in, written

from ecommerce.application.identity.second_factor.begin import BeginSecondFactor

Known: TypeAlias = dict[str, str]
Given: TypeAlias = Callable[[AccessShop], Awaitable[Known]]

PRICE: Final = {"amount": 1250, "currency": "USD"}
PRODUCT: Final[dict[str, Any]] = {
    "name": "Mug",
    "status": "active",
    "variants": [{"sku": "MUG-1", "price": PRICE, "on_hand": 5}],
}

ADDRESS: Final = {"full_name": "Ada", "line1": "12 Square", "city": "London", "country": "GB"}
ROLE: Final = {"name": "Warden", "permissions": ["roles:write"]}
KEY: Final = {"name": "Scanner", "permissions": ["catalog:read"], "expires_in_days": 9}
NEW_PASSWORD: Final = "the engine weaves patterns"


async def a_product(shop: AccessShop) -> Known:
    made = (await shop.made("/v1/products", {**PRODUCT, "variants": [
        {"sku": "MUG-1", "price": PRICE, "on_hand": 5, "options": {"size": "L"}},
        {"sku": "MUG-2", "price": PRICE, "options": {"size": "S"}},
    ]}))  # fmt: skip
    return {"product_id": made["id"], "variant_id": made["variants"][0]["id"], "sku": "MUG-1"}


async def a_category(shop: AccessShop) -> Known:
    return {"category_id": (await shop.made("/v1/categories", {"name": "Kitchen"}))["id"]}


async def a_group(shop: AccessShop) -> Known:
    return {"synonym_id": (await shop.made("/v1/search/synonyms", {"terms": ["cup", "mug"]}))["id"]}


async def a_pin(shop: AccessShop) -> Known:
    product = await a_product(shop)
    body = {"query": "mugs", "product_ids": [product["product_id"]]}
    return {**product, "pin_id": (await shop.made("/v1/search/pins", body))["id"]}


async def a_refresh_token(shop: AccessShop) -> Known:
    return {"refresh_token": shop.refresh_tokens["owner"]}


async def the_verification(shop: AccessShop) -> Known:
    mails = written(shop.store, "verify_email")
    return {"token": next(token_in(m) for m in mails if m.to == shop.email("owner"))}


async def a_reset(shop: AccessShop) -> Known:
    await forget(shop.identity, shop.email("owner"))
    return {"token": token_in(written(shop.store, "reset_password")[-1])}


async def a_sign_in(shop: AccessShop) -> Known:
    before = set(shop.store.committed.sessions)
    await shop.identity.sign_in(shop.email("owner"))
    (made,) = set(shop.store.committed.sessions) - before
    return {"session_id": str(made)}


async def an_address(shop: AccessShop) -> Known:
    return {"address_id": (await shop.made("/v1/me/addresses", ADDRESS, by="owner"))["id"]}


def somebody(who: Caller) -> Given:
    """The id of a caller, as an account."""

    async def known(shop: AccessShop) -> Known:
        return {"user_id": str(shop.users[who])}

    return known


async def a_role(shop: AccessShop) -> Known:
    return {"role_id": (await shop.made("/v1/roles", ROLE))["id"]}


async def staff_and_a_role(shop: AccessShop) -> Known:
    return {**await a_role(shop), "user_id": str(shop.users["staff_without"])}


async def a_key(shop: AccessShop) -> Known:
    return {"api_key_id": (await shop.made("/v1/api-keys", KEY))["id"]}


async def a_begun_factor(shop: AccessShop) -> Known:
    command = BeginSecondFactor(actor=await shop.identity.acting(shop.users["owner"]))
    begun = await shop.identity.begin_second_factor(command)
    return {"code": Authenticator(begun.secret).code(START)}


async def a_factor(shop: AccessShop) -> Known:
    await with_second_factor(shop.identity, shop.users["owner"])
    return {}


async def a_challenge(shop: AccessShop) -> Known:
    authenticator, _ = await with_second_factor(shop.identity, shop.users["owner"])
    return {
        "challenge_token": await challenged(shop.identity, shop.email("owner")),
        "code": authenticator.code(START + timedelta(seconds=30)),
    }


def named(**names: str) -> Given:
    """What an address names without anything being made."""

    async def known(_: AccessShop) -> Known:
        return names

    return known


def pin_of(known: Known) -> dict[str, Any]:
    return {"query": "cups", "product_ids": [known["product_id"]]}


def all_of(known: Known) -> dict[str, Any]:
    return dict(known)
