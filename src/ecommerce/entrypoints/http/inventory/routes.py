"""The stock: reading it, adjusting it, and its ledger."""

from typing import Final
from urllib.parse import quote

from litestar import get, post

from ecommerce.application.inventory.adjust_stock import AdjustStock, AdjustStockHandler
from ecommerce.application.inventory.queries import InventoryQueries, StockView
from ecommerce.domain.catalog.variant import MAX_SKU
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.inventory.errors import (
    InvalidMovementError,
    SkuNotFoundError,
    StockReservedError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.text import identity_key
from ecommerce.entrypoints.http.answers import Answer, created_answer, read_answer
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.inventory import schemas
from ecommerce.entrypoints.http.operation import PathParameter, operation, permission
from ecommerce.entrypoints.http.paging import PageQuery, page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText, segment

TAG: Final = "Inventory"
_SKU: Final = PathParameter(
    description="The SKU, without regard to case; a slash in it is written `%2F`.",
    example="TRAIL-42-RED",
)


@get(
    "/v1/inventory",
    **operation(
        "listStock",
        "List the stock",
        description="In the order of SKUs, case folded.",
        tag=TAG,
        access=permission(Permission.INVENTORY_READ),
        query=PageQuery,
        returns=schemas.StockPage,
        response_example=schemas.STOCK_PAGE,
        conditional="read",
        caller_may_store=True,
    ),
)
async def list_stock(request: HttpRequest, inventory: Given[InventoryQueries]) -> Answer:
    """A page of the stock."""
    query = read_query(request, PageQuery)
    page = await inventory.list_stock(page_request(request, query))
    return page_answer(request, query, page)


@get(
    "/v1/inventory/{sku:str}",
    **operation(
        "getStock",
        "Read the stock of a SKU",
        tag=TAG,
        access=permission(Permission.INVENTORY_READ),
        path={"sku": _SKU},
        returns=StockView,
        response_example=schemas.STOCK,
        problems=(SkuNotFoundError,),
        conditional="read",
        caller_may_store=True,
    ),
)
async def get_stock(
    request: HttpRequest, sku: PathText, inventory: Given[InventoryQueries]
) -> Answer:
    """What is on hand, reserved and available."""
    stock = await _stock(inventory, _known(sku))
    return read_answer(request, stock, state=State(_line(stock.sku), stock.version))


@post(
    "/v1/inventory/{sku:str}/adjustments",
    **operation(
        "adjustStock",
        "Adjust the stock of a SKU",
        description="Adds to what is on hand or takes away from it, and writes why into the "
        "ledger. The answer is the stock after it; on hand never falls below what is reserved.",
        tag=TAG,
        access=permission(Permission.INVENTORY_WRITE),
        status=201,
        path={"sku": _SKU},
        body=schemas.AdjustStockBody,
        returns=StockView,
        request_examples={"Two were damaged": schemas.ADJUST},
        response_example=schemas.STOCK,
        problems=(SkuNotFoundError, StockReservedError, InvalidMovementError, StaleVersionError),
        idempotency="honoured",
        conditional="honoured",
    ),
)
async def adjust_stock(
    request: HttpRequest,
    sku: PathText,
    adjust_stock: Given[AdjustStockHandler],
    inventory: Given[InventoryQueries],
    writing: Given[Writing],
) -> Answer:
    """Adjust it and show it."""
    which = _known(sku)
    expected = expected_version(request, _line(which))
    body = await read_body(request, schemas.AdjustStockBody)
    command = AdjustStock(
        sku=which,
        delta=body.delta,
        reason=body.reason,
        reference=body.reference,
        actor_id=signed_in(request).user_id,
        expected_version=expected,
    )

    async def work() -> Answer:
        adjusted = await adjust_stock(command)
        stock = await _stock(inventory, adjusted.sku)
        return created_answer(
            stock,
            state=State(_line(stock.sku), stock.version),
            at=f"/v1/inventory/{quote(adjusted.sku, safe='')}",
        )

    return await writing(request, work)


@get(
    "/v1/inventory/{sku:str}/movements",
    **operation(
        "listMovements",
        "Read the ledger of a SKU",
        description="Every change of what is on hand, newest first: by how much, why, by whom, and "
        "what there was after it.",
        tag=TAG,
        access=permission(Permission.INVENTORY_READ),
        path={"sku": _SKU},
        query=PageQuery,
        returns=schemas.MovementPage,
        response_example=schemas.MOVEMENT_PAGE,
        problems=(SkuNotFoundError,),
        conditional="read",
        caller_may_store=True,
    ),
)
async def list_movements(
    request: HttpRequest, sku: PathText, inventory: Given[InventoryQueries]
) -> Answer:
    """A page of the ledger."""
    query = read_query(request, PageQuery)
    page = await inventory.movements(_known(sku), page_request(request, query))
    if page is None:
        raise _no_sku()
    return page_answer(request, query, page)


def _known(text: str) -> str:
    sku = segment(text)
    if len(sku) > MAX_SKU:
        raise _no_sku()
    return sku


async def _stock(inventory: InventoryQueries, sku: PathText) -> StockView:
    stock = await inventory.stock(sku)
    if stock is None:
        raise _no_sku()
    return stock


def _line(sku: str) -> str:
    """What the versions of a SKU's stock are versions of, however the SKU is written."""
    return f"stock/{identity_key(sku)}"


def _no_sku() -> SkuNotFoundError:
    return SkuNotFoundError("No variant has this SKU.")


ROUTES: Final = (list_stock, get_stock, adjust_stock, list_movements)
