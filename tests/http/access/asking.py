"""The operations of the OpenAPI document, and how each is asked."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
from tests.http.access.given import Known
from tests.http.access.table import ROWS, Row
from tests.support.access import AccessShop, Caller

from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.openapi.document import build_document

DOCUMENT: Final[Mapping[str, Any]] = json.loads(build_document(ROUTES, version="0"))
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
_PARAMETER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """One operation, as the document has it."""

    id: str
    method: str
    path: str
    told: Mapping[str, Any]

    @property
    def status(self) -> int:
        """That of a good answer."""
        return int(min(status for status in self.told["responses"] if status < "400"))

    @property
    def permission(self) -> str | None:
        """The permission it asks for."""
        found: str | None = self.told.get("x-required-permission")
        return found

    @property
    def parameters(self) -> list[str]:
        """The names in its address."""
        return _PARAMETER.findall(self.path)

    @property
    def body_schema(self) -> Mapping[str, Any] | None:
        """The schema of its body."""
        body = self.told.get("requestBody")
        if body is None:
            return None
        content = body["content"]["application/json"]
        schema: Mapping[str, Any] = content["schema"]
        return schema

    def address(self, known: Mapping[str, str]) -> str:
        """Its address, with what is known in it."""
        return _PARAMETER.sub(lambda found: known[found[1]], self.path)


OPERATIONS: Final[Mapping[str, Operation]] = {
    told["operationId"]: Operation(told["operationId"], method.upper(), path, told)
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
    if method in _METHODS
}
KNOWN: Final = sorted(OPERATIONS.keys() & ROWS.keys())
"""Those that have a row; a test says which have none."""
WRITES: Final = [name for name in KNOWN if OPERATIONS[name].method != "GET"]


async def prepared(shop: AccessShop, name: str) -> tuple[Operation, Row, Known]:
    """An empty shop with what a good question names."""
    operation, row = OPERATIONS[name], ROWS[name]
    await shop.reset(row.permission, row.beside)
    return operation, row, {} if row.given is None else await row.given(shop)


def body_of(row: Row, known: Known) -> dict[str, Any] | None:
    """A good body."""
    return row.body(known) if callable(row.body) else row.body


async def ask(
    shop: AccessShop,
    name: str,
    caller: Caller,
    known: Known,
    *,
    body: object = None,
    request_id: str | None = None,
) -> httpx.Response:
    """Ask it as somebody, with a good body unless another is given."""
    operation, row = OPERATIONS[name], ROWS[name]
    headers = {"Accept": "application/json", **shop.headers(caller)}
    if not row.fields:
        del headers["Accept"]
    if request_id is not None:
        headers["X-Request-ID"] = request_id
    content = body_of(row, known) if body is None else body
    if content is not None:
        headers["Content-Type"] = "application/json"
    return await shop.client.request(
        operation.method,
        f"{operation.address(known)}?{row.query}".rstrip("?"),
        headers=headers,
        content=None if content is None else json.dumps(content),
    )
