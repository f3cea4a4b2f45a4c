"""The OpenAPI 3.1 document, made from the routes themselves."""

from collections.abc import Iterator, Sequence
from functools import cache
from re import compile as pattern
from typing import Final

import msgspec
from litestar.handlers import HTTPRouteHandler

from ecommerce.entrypoints.http.errors import catalogue
from ecommerce.entrypoints.http.openapi.parameters import parameters
from ecommerce.entrypoints.http.openapi.responses import HEADERS, example, responses
from ecommerce.entrypoints.http.openapi.schemas import Json, Schemas
from ecommerce.entrypoints.http.operation import Access, Operation, operation_of

_PARAMETER: Final = pattern(r"\{([a-z_]+)(?::[a-z]+)?\}")

_DESCRIPTION: Final = """\
A shop's backend: catalogue, stock, merchandising, accounts.

- **Signing in**: `POST /v1/auth/login` gives an access token; press *Authorize* and paste it.
- **Machines** send an API key (`ek_live_...`) in its place.
- **Money** is whole minor units: `{"amount": 1999, "currency": "USD"}` is 19.99 USD.
- **Lists** are pages: follow `next_cursor`, or the `Link` header.
- **Changing** is a JSON merge patch: absent fields stay, `null` clears; lists and amounts of \
money are sent whole. `PUT` replaces all. \
Send the `ETag` as `If-Match` to change only what you read.
- **Creating** takes an `Idempotency-Key`, which makes it safe to send again (but for API keys: \
their secret is kept nowhere).
- **Refusals** are `application/problem+json`; [/problems](/problems) explains each.
- Every answer has an `X-Request-ID`; send your own to find it in the log.
- `HEAD` works wherever `GET` does.
"""
_TAGS: Final = {
    "Products": "What the shop sells.",
    "Variants": "What of a product one can buy, each known by its SKU.",
    "Categories": "The tree in which products are found.",
    "Search": "What a text may become.",
    "Inventory": "What is on hand of each SKU, and why.",
    "Audit": "What was done in the shop, and by whom.",
    "Merchandising": "How staff steer what shoppers find: synonyms and pinned products.",
    "Identity": "Accounts and sign-ins.",
    "Access": "Roles, API keys, second factors: who may do what, and how they prove it.",
    "Service": "The service about itself.",
}


@cache
def build_document(routes: tuple[HTTPRouteHandler, ...], *, version: str) -> bytes:
    """The document of these routes as JSON; made once."""
    return msgspec.json.format(msgspec.json.encode(describe(routes, version=version)), indent=1)


def describe(routes: Sequence[HTTPRouteHandler], *, version: str) -> Json:
    """The document of these routes."""
    declared = list(_declared(routes))
    schemas = Schemas([operation for _, _, _, operation in declared])
    paths: dict[str, Json] = {}
    for path, names, method, operation in declared:
        paths.setdefault(path, {})[method.lower()] = _describe(operation, names, method, schemas)
    used = {operation.tag for _, _, _, operation in declared}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ecommerce",
            "version": version,
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            *({"name": name, "description": text} for name, text in _TAGS.items() if name in used),
            *({"name": name} for name in sorted(used - _TAGS.keys())),
        ],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "examples": {code: example(kind) for code, kind in catalogue().items()},
            "headers": HEADERS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The `access_token` of `POST /v1/auth/login`, or an API key.",
                }
            },
        },
    }


def _declared(
    routes: Sequence[HTTPRouteHandler],
) -> Iterator[tuple[str, list[str], str, Operation]]:
    for route in routes:
        operation = operation_of(route)
        if operation is None:
            continue
        for path in sorted(route.paths):
            names = _PARAMETER.findall(path)
            for method in sorted(route.http_methods):
                yield _PARAMETER.sub(r"{\1}", path), names, str(method), operation


def _describe(operation: Operation, names: list[str], method: str, schemas: Schemas) -> Json:
    described: Json = {
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "description": _description(operation),
        "tags": [operation.tag],
        "security": _security(operation.access),
    }
    if operation.access.permission is not None:
        described["x-required-permission"] = operation.access.permission.value
    if operation.step_up:
        described["x-step-up"] = True
    found = parameters(operation, names, schemas)
    if found:
        described["parameters"] = found
    if operation.body is not None:
        described["requestBody"] = _body(operation, schemas)
    described["responses"] = responses(operation, method, schemas)
    return described


def _description(operation: Operation) -> str:
    who = _who(operation.access)
    if operation.step_up:
        who += " The session must have proved lately who it is (`POST /v1/auth/step-up`)."
    return f"{operation.description or operation.summary + '.'}\n\n{who}"


def _who(access: Access) -> str:
    if access.permission is not None:
        return f"Needs the permission `{access.permission.value}`."
    return {
        "public": "Open to everybody.",
        "optional": "Open to everybody; a token that is sent has to be valid.",
        "signed_in": "Needs a signed-in user.",
    }[access.kind]


def _security(access: Access) -> list[Json]:
    if access.kind == "public":
        return []
    return [{}, {"bearer": []}] if access.kind == "optional" else [{"bearer": []}]


def _body(operation: Operation, schemas: Schemas) -> Json:
    content: Json = {"schema": schemas.of(operation.body)}
    if operation.request_examples:
        content["examples"] = {
            f"example{number}": {"summary": summary, "value": value}
            for number, (summary, value) in enumerate(operation.request_examples.items(), 1)
        }
    kinds = dict.fromkeys((operation.body_media_type, "application/json"))
    return {"required": True, "content": dict.fromkeys(kinds, content)}
