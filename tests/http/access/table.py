"""Who may do what: one row for each operation of the OpenAPI document.

A new route needs a row here: the kind of door it has, what it takes to ask it a good question
(``given`` makes what the address and the body name), and what a good one leaves in the audit log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from tests.http.access.given import (
    ADDRESS,
    KEY,
    NEW_PASSWORD,
    PRICE,
    PRODUCT,
    ROLE,
    Given,
    Known,
    a_begun_factor,
    a_category,
    a_challenge,
    a_factor,
    a_group,
    a_key,
    a_pin,
    a_product,
    a_refresh_token,
    a_reset,
    a_role,
    a_sign_in,
    all_of,
    an_address,
    named,
    pin_of,
    somebody,
    staff_and_a_role,
    the_verification,
)
from tests.support.access import AccessShop, Caller
from tests.support.identity import PASSWORD

Body: TypeAlias = "dict[str, Any] | Callable[[Known], dict[str, Any]] | None"
Door: TypeAlias = Literal["public", "optional", "signed_in", "own", "permission"]

OK: Final = 0
"""The status that the document gives a good answer."""

_EXPECTED: Final[Mapping[Door, Mapping[Caller, int]]] = {
    "public": dict.fromkeys(
        ("anonymous", "other", "owner", "staff_without", "staff_with", "admin", "disabled",
         "expired", "api_key"), OK),
    "optional": {
        "anonymous": OK, "other": OK, "owner": OK, "staff_without": OK, "staff_with": OK,
        "admin": OK, "disabled": 401, "expired": 401, "api_key": OK,
    },
    "signed_in": {
        "anonymous": 401, "other": OK, "owner": OK, "staff_without": OK, "staff_with": OK,
        "admin": OK, "disabled": 401, "expired": 401, "api_key": 403,
    },
    "own": {
        "anonymous": 401, "other": 404, "owner": OK, "staff_without": 404, "staff_with": 404,
        "admin": 404, "disabled": 401, "expired": 401, "api_key": 403,
    },
    "permission": {
        "anonymous": 401, "other": 403, "owner": 403, "staff_without": 403, "staff_with": OK,
        "admin": OK, "disabled": 401, "expired": 401, "api_key": OK,
    },
}  # fmt: skip
_FOR_KEYS: Final = ("catalog:", "inventory:", "merchandising:", "audit:", "metrics:")
"""What machines may be given; a key's row that says more does not open more."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One operation: its door, a good question, and its trace in the audit log.

    ``but`` names callers for whom the answer is another than the door's. ``audit`` is the action
    that a write leaves; ``unaudited`` says why one leaves none. ``permission`` is what the door
    asks for, ``beside`` what else one must hold to ask this question well. ``fields`` is False
    where the answer is no JSON of the document's.
    """

    door: Door
    permission: str | None = None
    beside: frozenset[str] = frozenset()
    given: Given | None = None
    query: str = ""
    body: Body = None
    but: Mapping[Caller, int] = field(default_factory=dict)
    audit: str | None = None
    unaudited: str | None = None
    fields: bool = True

    def expected(self, caller: Caller) -> int:
        """The status for a caller; ``OK``: the document's own."""
        if caller == "api_key" and self.permission and not self.permission.startswith(_FOR_KEYS):
            return 403
        return self.but.get(caller, _EXPECTED[self.door][caller])


def permitted(permission: str, **row: Any) -> Row:  # noqa: ANN401 - the fields of a row
    """For those who hold a permission."""
    return Row(door="permission", permission=permission, **row)


# --- the table -----------------------------------------------------------------------------------

PUBLIC: Final = Row(door="public")
PAGE: Final = Row(door="public", fields=False)
OWN_BOOK: Final = "what a customer writes in their own address book is theirs, and personal"
OWN_ALONE: Final[Mapping[Caller, int]] = dict.fromkeys(
    ("other", "staff_without", "staff_with", "admin"), 404
)
"""Everybody asks for their own, and only the owner has one."""

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
        body=all_of,
        unaudited="a good refresh only goes on with a session; a replayed one is session.ended",
    ),
    "logout": Row(door="public", given=a_refresh_token, body=all_of, audit="session.ended"),
    "getMe": Row(door="signed_in"),
    "changeMe": Row(door="signed_in", body={"full_name": "Ada"}, audit="user.profile_changed"),
    "deleteMe": Row(door="signed_in", audit="user.deleted"),
    "getKeys": PUBLIC,
    "verifyEmail": Row(
        door="public", given=the_verification, body=all_of, audit="user.email_verified"
    ),
    "resendVerification": Row(
        door="signed_in", unaudited="a mail to the owner's own address, and nothing is otherwise"
    ),
    "forgotPassword": Row(
        door="public",
        body={"email": AccessShop.email("owner")},
        unaudited="nobody looks yet whose address it is; user.reset_mailed comes when it is known",
    ),
    "resetPassword": Row(
        door="public",
        given=a_reset,
        body=lambda known: {**known, "password": NEW_PASSWORD},
        audit="user.password_reset",
    ),
    "changePassword": Row(
        door="signed_in",
        body={"current_password": PASSWORD, "new_password": NEW_PASSWORD},
        audit="user.password_changed",
    ),
    "listSessions": Row(door="signed_in"),
    "endSession": Row(door="own", given=a_sign_in, audit="session.ended"),
    "listAddresses": Row(door="signed_in", given=an_address),
    "getAddress": Row(door="own", given=an_address),
    "addAddress": Row(door="signed_in", body=ADDRESS, unaudited=OWN_BOOK),
    "replaceAddress": Row(
        door="own", given=an_address, body={**ADDRESS, "city": "Bath"}, unaudited=OWN_BOOK
    ),
    "deleteAddress": Row(door="own", given=an_address, unaudited=OWN_BOOK),
    # the second factor and step-up
    "loginSecondFactor": Row(
        door="public", given=a_challenge, body=all_of, audit="session.started"
    ),
    "stepUp": Row(door="signed_in", body={"password": PASSWORD}, audit="step_up.passed"),
    "getSecondFactor": Row(door="signed_in", given=a_factor, but=OWN_ALONE),
    "beginSecondFactor": Row(
        door="signed_in", unaudited="it counts for nothing until it is confirmed"
    ),
    "confirmSecondFactor": Row(
        door="signed_in",
        given=a_begun_factor,
        body=all_of,
        but=OWN_ALONE,
        audit="second_factor.set",
    ),
    "renewRecoveryCodes": Row(
        door="signed_in",
        given=a_factor,
        but=OWN_ALONE,
        audit="second_factor.recovery_codes_renewed",
    ),
    "removeSecondFactor": Row(
        door="signed_in", given=a_factor, but=OWN_ALONE, audit="second_factor.removed"
    ),
    # accounts, roles and keys
    "listUsers": permitted("users:read"),
    "getUser": permitted("users:read", given=somebody("owner")),
    "changeUser": permitted(
        "users:write", given=somebody("other"), body={"disabled": True}, audit="user.changed"
    ),
    "listPermissions": permitted("roles:read"),
    "listRoles": permitted("roles:read", given=a_role),
    "getRole": permitted("roles:read", given=a_role),
    "createRole": permitted("roles:write", body=ROLE, audit="role.created"),
    "changeRole": permitted(
        "roles:write", given=a_role, body={"name": "Keeper"}, audit="role.changed"
    ),
    "deleteRole": permitted("roles:write", given=a_role, audit="role.deleted"),
    "getRolesOfUser": permitted("roles:read", given=somebody("staff_with")),
    "giveRoles": permitted(
        "roles:write",
        given=staff_and_a_role,
        body=lambda known: {"role_ids": [known["role_id"]]},
        audit="user.roles_given",
    ),
    "listApiKeys": permitted("api_keys:read", given=a_key),
    "getApiKey": permitted("api_keys:read", given=a_key),
    "createApiKey": permitted(
        "api_keys:write",
        beside=frozenset({"catalog:read"}),
        body=KEY,
        audit="api_key.created",
    ),
    "revokeApiKey": permitted("api_keys:write", given=a_key, audit="api_key.revoked"),
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
    "createPin": permitted(
        "merchandising:write", given=a_product, body=pin_of, audit="pin.created"
    ),
    "replacePin": permitted("merchandising:write", given=a_pin, body=pin_of, audit="pin.changed"),
    "deletePin": permitted("merchandising:write", given=a_pin, audit="pin.deleted"),
    # audit
    "listAuditRecords": permitted("audit:read"),
}
