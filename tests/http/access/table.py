"""Who may do what: one row for each operation of the OpenAPI document.

A new route needs a row here: the kind of door it has, what it takes to ask it a good question
(``given`` makes what the address and the body name), and what a good one leaves in the audit log.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from tests.support.access import AccessShop, Caller
from tests.support.identity import PASSWORD

Known: TypeAlias = dict[str, str]
Given: TypeAlias = Callable[[AccessShop], Awaitable[Known]]
Body: TypeAlias = "dict[str, Any] | Callable[[Known], dict[str, Any]] | None"
Door: TypeAlias = Literal["public", "optional", "signed_in", "own", "permission"]

OK: Final = 0
"""The status that the document gives a good answer."""

_EXPECTED: Final[Mapping[Door, Mapping[Caller, int]]] = {
    "public": dict.fromkeys(
        ("anonymous", "other", "owner", "staff_without", "staff_with", "admin", "disabled",
         "expired"), OK),
    "optional": {
        "anonymous": OK, "other": OK, "owner": OK, "staff_without": OK, "staff_with": OK,
        "admin": OK, "disabled": 401, "expired": 401,
    },
    "signed_in": {
        "anonymous": 401, "other": OK, "owner": OK, "staff_without": OK, "staff_with": OK,
        "admin": OK, "disabled": 401, "expired": 401,
    },
    "own": {
        "anonymous": 401, "other": 404, "owner": OK, "staff_without": 404, "staff_with": 404,
        "admin": 404, "disabled": 401, "expired": 401,
    },
    "permission": {
        "anonymous": 401, "other": 403, "owner": 403, "staff_without": 403, "staff_with": OK,
        "admin": OK, "disabled": 401, "expired": 401,
    },
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One operation: its door, a good question, and its trace in the audit log.

    ``but`` names callers for whom the answer is another than the door's. ``audit`` is the action
    that a write leaves; ``unaudited`` says why one leaves none. ``permission`` is what the door
    asks for. ``fields`` is False where the answer is no JSON of the document's.
    """

    door: Door
    permission: str | None = None
    given: Given | None = None
    query: str = ""
    body: Body = None
    but: Mapping[Caller, int] = field(default_factory=dict)
    audit: str | None = None
    unaudited: str | None = None
    fields: bool = True

    def expected(self, caller: Caller) -> int:
        """The status for a caller; ``OK``: the document's own."""
        return self.but.get(caller, _EXPECTED[self.door][caller])


def permitted(permission: str, **row: Any) -> Row:  # noqa: ANN401 - the fields of a row
    """For those who hold a permission."""
    return Row(door="permission", permission=permission, **row)


# --- what addresses and bodies name --------------------------------------------------------------

PRICE: Final = {"amount": 1250, "currency": "USD"}
PRODUCT: Final[dict[str, Any]] = {
    "name": "Mug",
    "status": "active",
    "variants": [{"sku": "MUG-1", "price": PRICE, "on_hand": 5}],
}


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


def named(**names: str) -> Given:
    """What an address names without anything being made."""

    async def known(_: AccessShop) -> Known:
        return names

    return known


def _pin(known: Known) -> dict[str, Any]:
    return {"query": "cups", "product_ids": [known["product_id"]]}


def _token(known: Known) -> dict[str, Any]:
    return {"refresh_token": known["refresh_token"]}


# --- the table -----------------------------------------------------------------------------------

PUBLIC: Final = Row(door="public")
PAGE: Final = Row(door="public", fields=False)

ROWS: Final[Mapping[str, Row]] = {
    # the service
    "home": PAGE,
    "docs": PAGE,
    "docsAsset": Row(door="public", given=named(name="initializer.js"), fields=False),
    "openapi": PAGE,
    "listProblems": PUBLIC,
    "getProblem": Row(door="public", given=named(code="not_found")),
    "problemsStyle": PAGE,
    "live": PUBLIC,
    "ready": PUBLIC,
    "getMetrics": permitted("metrics:read", fields=False),
    # identity
    "register": Row(
        door="public",
        body={"email": "new@example.com", "password": PASSWORD},
        audit="user.created",
    ),
    "login": Row(
        door="public",
        body={"email": AccessShop.email("owner"), "password": PASSWORD},
        audit="session.started",
    ),
    "refresh": Row(
        door="public",
        given=a_refresh_token,
        body=_token,
        unaudited="a good refresh only goes on with a session; a replayed one is session.ended",
    ),
    "logout": Row(door="public", given=a_refresh_token, body=_token, audit="session.ended"),
    "getMe": Row(door="signed_in"),
    "changeMe": Row(door="signed_in", body={"full_name": "Ada"}, audit="user.profile_changed"),
    "getKeys": PUBLIC,
    # catalogue
    "listProducts": Row(door="optional", given=a_product),
    "getProduct": Row(door="optional", given=a_product),
    "getVariant": Row(door="optional", given=a_product),
    "createProduct": permitted("catalog:write", body=PRODUCT, audit="product.created"),
    "changeProduct": permitted(
        "catalog:write", given=a_product, body={"name": "Cup"}, audit="product.changed"
    ),
    "deleteProduct": permitted("catalog:write", given=a_product, audit="product.deleted"),
    "writeProductsInBulk": permitted(
        "catalog:write", body={"items": [PRODUCT], "on_error": "abort"}, audit="product.created"
    ),
    "addVariant": permitted(
        "catalog:write",
        given=a_product,
        body={"sku": "MUG-3", "price": PRICE, "options": {"size": "M"}},
        audit="variant.created",
    ),
    "changeVariant": permitted(
        "catalog:write", given=a_product, body={"barcode": "4006381333931"}, audit="variant.changed"
    ),
    "removeVariant": permitted("catalog:write", given=a_product, audit="variant.deleted"),
    "listCategories": Row(door="public", given=a_category),
    "getCategoryTree": Row(door="public", given=a_category),
    "getCategory": Row(door="public", given=a_category),
    "createCategory": permitted("catalog:write", body={"name": "Garden"}, audit="category.created"),
    "changeCategory": permitted(
        "catalog:write", given=a_category, body={"name": "Cellar"}, audit="category.changed"
    ),
    "deleteCategory": permitted("catalog:write", given=a_category, audit="category.deleted"),
    "suggest": Row(door="public", query="q=mug"),
    # inventory
    "listStock": permitted("inventory:read", given=a_product),
    "getStock": permitted("inventory:read", given=a_product),
    "adjustStock": permitted(
        "inventory:write",
        given=a_product,
        body={"delta": -1, "reason": "damaged"},
        audit="stock.adjusted",
    ),
    "listMovements": permitted("inventory:read", given=a_product),
    # merchandising
    "listSynonymGroups": permitted("merchandising:read", given=a_group),
    "getSynonymGroup": permitted("merchandising:read", given=a_group),
    "createSynonymGroup": permitted(
        "merchandising:write", body={"terms": ["cup", "mug"]}, audit="synonym_group.created"
    ),
    "replaceSynonymGroup": permitted(
        "merchandising:write",
        given=a_group,
        body={"terms": ["cup", "tankard"]},
        audit="synonym_group.changed",
    ),
    "deleteSynonymGroup": permitted(
        "merchandising:write", given=a_group, audit="synonym_group.deleted"
    ),
    "listPins": permitted("merchandising:read", given=a_pin),
    "getPin": permitted("merchandising:read", given=a_pin),
    "createPin": permitted("merchandising:write", given=a_product, body=_pin, audit="pin.created"),
    "replacePin": permitted("merchandising:write", given=a_pin, body=_pin, audit="pin.changed"),
    "deletePin": permitted("merchandising:write", given=a_pin, audit="pin.deleted"),
    # audit
    "listAuditRecords": permitted("audit:read"),
}
