"""Products written in bulk."""

from typing import Final

from litestar import post

from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulkHandler
from ecommerce.domain.catalog import errors as e
from ecommerce.domain.identity.permissions import Permission
from ecommerce.entrypoints.http.answers import Answer, json_answer
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.catalog import examples
from ecommerce.entrypoints.http.catalog.bulk_schemas import (
    BODY_LIMIT,
    BulkResults,
    WriteProductsBody,
    results_of,
)
from ecommerce.entrypoints.http.catalog.product_routes import TAG
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.request import HttpRequest


@post(
    "/v1/products/bulk",
    status_code=200,
    **operation(
        "writeProductsInBulk",
        "Create and change products in bulk",
        description="Up to 1,000 items in one transaction, in a body of 8 MiB at the most. An item "
        "means the product that has its `slug`, else the one that has the SKU of one of its "
        "`variants`, else a new one, which needs a `name` and a variant with a price; without a "
        "slug, one is made of the name. Absent fields stay, `null` clears; variants are known by "
        "their SKUs, and those that are not mentioned stay. An item about what an earlier one is "
        "about (its slug, a SKU, its product) fails. With `skip`, items that fail are told in "
        "their results and the others are written; with `abort`, nothing is written when one "
        "fails: the answer is 422 `bulk_aborted`, and its `errors` point at what is wrong with "
        "each, `/items/3/variants/0/sku`.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        pace="bulk",
        body=WriteProductsBody,
        body_limit_bytes=BODY_LIMIT,
        returns=BulkResults,
        request_examples={
            "Create one, reprice another, skip what fails": examples.WRITE_PRODUCTS,
        },
        response_example=examples.BULK_RESULTS,
        problems=(e.BulkAbortedError, e.InvalidDetailsError),
        idempotency="honoured",
    ),
)
async def write_products_in_bulk(
    request: HttpRequest,
    write_products_in_bulk: Given[WriteProductsInBulkHandler],
    writing: Given[Writing],
) -> Answer:
    """Write them and say what became of each."""
    body = await read_body(request, WriteProductsBody)
    command = body.command(signed_in(request).user_id)

    async def work() -> Answer:
        return json_answer(results_of(await write_products_in_bulk(command)))

    return await writing(request, work)


ROUTES: Final = (write_products_in_bulk,)
