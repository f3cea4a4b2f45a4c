"""Variants of a product."""

from typing import Final

from litestar import delete, get, patch, post

from ecommerce.application.catalog.add_variant import AddVariant, AddVariantHandler
from ecommerce.application.catalog.change_variant import ChangeVariantHandler
from ecommerce.application.catalog.queries import CatalogQueries, VariantView
from ecommerce.application.catalog.remove_variant import RemoveVariant, RemoveVariantHandler
from ecommerce.domain.catalog import errors as e
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.inventory.errors import InvalidMovementError
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import ProductId, VariantId
from ecommerce.domain.shared.money import CurrencyNotSupportedError
from ecommerce.entrypoints.http.answers import (
    Answer,
    created_answer,
    no_content,
    redirect,
    resource_answer,
)
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.catalog import examples, keys
from ecommerce.entrypoints.http.catalog.fields import PRODUCT_ID, PRODUCT_KEY, VARIANT_ID
from ecommerce.entrypoints.http.catalog.variant_schemas import ChangeVariantBody, NewVariantBody
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.kept import kept_read
from ecommerce.entrypoints.http.operation import PUBLIC_OPTIONAL, operation, permission
from ecommerce.entrypoints.http.request import HttpRequest, PathText

TAG: Final = "Variants"
_VERSION: Final = "Its version, in the ETag, is that of the product."
_REFUSALS: Final = (
    e.ProductNotFoundError,
    StaleVersionError,
    e.SkuTakenError,
    e.InvalidDetailsError,
    e.VariantOptionsMismatchError,
    e.DuplicateVariantOptionsError,
    CurrencyNotSupportedError,
)


def _address(product_id: ProductId, variant_id: VariantId) -> str:
    return f"/v1/products/{product_id}/variants/{variant_id}"


@get(
    "/v1/products/{product_id:str}/variants/{variant_id:str}",
    **operation(
        "getVariant",
        "Read a variant",
        description=_VERSION,
        tag=TAG,
        access=PUBLIC_OPTIONAL,
        path={"product_id": PRODUCT_KEY, "variant_id": VARIANT_ID},
        returns=VariantView,
        response_example=examples.VARIANT,
        other_responses={308: "The slug is an old one; `Location` is the current address."},
        problems=(e.ProductNotFoundError, e.VariantNotFoundError),
        conditional="read",
    ),
)
async def get_variant(
    request: HttpRequest, product_id: PathText, variant_id: PathText, catalog: Given[CatalogQueries]
) -> Answer:
    """One variant of a product."""
    which = keys.variant_id(variant_id)
    try:
        product = await keys.find_product(catalog, request, product_id)
    except keys.Moved as moved:
        return redirect(
            308, f"/v1/products/{moved.slug}/variants/{which}", headers=(("Vary", "Authorization"),)
        )
    variant = keys.variant_of(product, which)
    return kept_read(
        request,
        variant,
        state=State(product.id, product.version),
        headers=(("Vary", "Authorization"),),
    )


@post(
    "/v1/products/{product_id:str}/variants",
    **operation(
        "addVariant",
        "Add a variant",
        description=f"With its opening stock. {_VERSION}",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        status=201,
        path={"product_id": PRODUCT_ID},
        body=NewVariantBody,
        returns=VariantView,
        request_examples={"Another size": examples.CREATE_VARIANT},
        response_example=examples.VARIANT,
        problems=(*_REFUSALS, e.TooManyVariantsError, InvalidMovementError),
        idempotency="honoured",
        conditional="honoured",
    ),
)
async def add_variant(
    request: HttpRequest,
    product_id: PathText,
    add_variant: Given[AddVariantHandler],
    catalog: Given[CatalogQueries],
    writing: Given[Writing],
) -> Answer:
    """Add it and show it."""
    which = keys.product_id(product_id)
    expected = expected_version(request, which)
    body = await read_body(request, NewVariantBody)
    command = AddVariant(
        product_id=which,
        variant=body.new_variant(),
        expected_version=expected,
        actor_id=signed_in(request).user_id,
    )

    async def work() -> Answer:
        added = await add_variant(command)
        product = await keys.read_back(catalog, which)
        return created_answer(
            keys.variant_of(product, added.variant_id),
            state=State(product.id, product.version),
            at=_address(which, added.variant_id),
        )

    return await writing(request, work)


@patch(
    "/v1/products/{product_id:str}/variants/{variant_id:str}",
    **operation(
        "changeVariant",
        "Change a variant",
        description=f"A JSON merge patch: absent fields stay, `null` clears. {_VERSION}",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        path={"product_id": PRODUCT_ID, "variant_id": VARIANT_ID},
        body=ChangeVariantBody,
        body_media_type="application/merge-patch+json",
        returns=VariantView,
        request_examples={"A new price": examples.CHANGE_VARIANT},
        response_example=examples.VARIANT,
        problems=(*_REFUSALS, e.VariantNotFoundError),
        conditional="write",
    ),
)
async def change_variant(
    request: HttpRequest,
    product_id: PathText,
    variant_id: PathText,
    change_variant: Given[ChangeVariantHandler],
    catalog: Given[CatalogQueries],
    writing: Given[Writing],
) -> Answer:
    """Change it and show it."""
    which, variant = keys.product_id(product_id), keys.variant_id(variant_id)
    expected = expected_version(request, which)
    body = await read_body(request, ChangeVariantBody)
    command = body.command(which, variant, expected)

    async def work() -> Answer:
        await change_variant(command)
        product = await keys.read_back(catalog, which)
        return resource_answer(
            keys.variant_of(product, variant), state=State(product.id, product.version)
        )

    return await writing(request, work)


@delete(
    "/v1/products/{product_id:str}/variants/{variant_id:str}",
    status_code=200,
    **operation(
        "removeVariant",
        "Remove a variant",
        description="With its stock; the ledger stays. The last variant of a product stays too.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        status=204,
        path={"product_id": PRODUCT_ID, "variant_id": VARIANT_ID},
        problems=(
            e.ProductNotFoundError,
            e.VariantNotFoundError,
            StaleVersionError,
            e.LastVariantError,
        ),
        conditional="write",
    ),
)
async def remove_variant(
    request: HttpRequest,
    product_id: PathText,
    variant_id: PathText,
    remove_variant: Given[RemoveVariantHandler],
) -> Answer:
    """Remove it."""
    which = keys.product_id(product_id)
    await remove_variant(
        RemoveVariant(
            product_id=which,
            variant_id=keys.variant_id(variant_id),
            expected_version=expected_version(request, which),
        )
    )
    return no_content()


ROUTES: Final = (get_variant, add_variant, change_variant, remove_variant)
