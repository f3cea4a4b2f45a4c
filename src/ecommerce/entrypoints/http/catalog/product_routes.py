"""Products: listing, reading, writing."""

from typing import Final

from litestar import delete, get, patch, post

from ecommerce.application.catalog.change_product import ChangeProductHandler
from ecommerce.application.catalog.create_product import CreateProductHandler
from ecommerce.application.catalog.delete_product import DeleteProduct, DeleteProductHandler
from ecommerce.application.catalog.queries import (
    CatalogQueries,
    ListingOptions,
    ProductFilter,
    ProductSort,
    ProductView,
)
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.domain.catalog import errors as e
from ecommerce.domain.identity.errors import PermissionDeniedError
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.inventory.errors import InvalidMovementError
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.money import CurrencyNotSupportedError
from ecommerce.domain.shared.slugs import InvalidSlugError, SlugTakenError
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
from ecommerce.entrypoints.http.catalog.fields import PRODUCT_ID, PRODUCT_KEY
from ecommerce.entrypoints.http.catalog.listing_query import ProductQuery
from ecommerce.entrypoints.http.catalog.pages import ProductPage
from ecommerce.entrypoints.http.catalog.product_schemas import (
    ChangeProductBody,
    CreateProductBody,
)
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.kept import kept_read
from ecommerce.entrypoints.http.operation import PUBLIC_OPTIONAL, operation, permission
from ecommerce.entrypoints.http.paging import page_answer, page_request
from ecommerce.entrypoints.http.query import read_question
from ecommerce.entrypoints.http.request import HttpRequest, PathText

TAG: Final = "Products"
_VARY: Final = (("Vary", "Authorization"),)
_REFUSALS: Final = (
    SlugTakenError,
    InvalidSlugError,
    e.SkuTakenError,
    e.UnknownCategoryError,
    e.InvalidDetailsError,
    e.DuplicateOptionError,
    e.VariantOptionsMismatchError,
    e.DuplicateVariantOptionsError,
)


@get(
    "/v1/products",
    **operation(
        "listProducts",
        "List and search products",
        description="Product cards, searched, filtered, sorted, counted and paged. Everybody sees "
        "active products; holders of `catalog:read` can ask for others with `status`, and how the "
        "order came about with `explain`.",
        tag=TAG,
        access=PUBLIC_OPTIONAL,
        query=ProductQuery,
        returns=ProductPage,
        response_example=examples.PRODUCT_PAGE,
        problems=(PermissionDeniedError,),
        conditional="read",
    ),
)
async def list_products(
    request: HttpRequest, catalog: Given[CatalogQueries], past_queries: Given[PastQueries]
) -> Answer:
    """A page of product cards."""
    query, (criteria, sort, options) = read_question(request, ProductQuery, _meaning)
    if query.status:
        keys.require_reader(request, "status")
    if query.explain:
        keys.require_reader(request, "explain")
    page = await catalog.list_products(criteria, sort, page_request(request, query), options)
    if query.q is not None and query.cursor is None and not query.status:
        past_queries.note(query.q, len(page.items))
    more: dict[str, object] = {}
    if page.facets is not None:
        more["facets"] = page.facets
    if page.explanations is not None:
        more["explanations"] = page.explanations
    return page_answer(request, query, page, more=more, headers=_VARY)


def _meaning(query: ProductQuery) -> tuple[ProductFilter, ProductSort, ListingOptions]:
    return query.criteria(), query.order(), query.options()


@get(
    "/v1/products/{product_id:str}",
    **operation(
        "getProduct",
        "Read a product",
        description="By id or slug. Drafts and archived products are there for holders of "
        "`catalog:read` only.",
        tag=TAG,
        access=PUBLIC_OPTIONAL,
        path={"product_id": PRODUCT_KEY},
        returns=ProductView,
        response_example=examples.PRODUCT,
        other_responses={308: "The slug is an old one; `Location` is the current address."},
        problems=(e.ProductNotFoundError,),
        conditional="read",
    ),
)
async def get_product(
    request: HttpRequest, product_id: PathText, catalog: Given[CatalogQueries]
) -> Answer:
    """A product whole."""
    try:
        product = await keys.find_product(catalog, request, product_id)
    except keys.Moved as moved:
        return redirect(308, f"/v1/products/{moved.slug}", headers=_VARY)
    return kept_read(request, product, state=State(product.id, product.version), headers=_VARY)


@post(
    "/v1/products",
    **operation(
        "createProduct",
        "Create a product",
        description="With its variants, one at least, and their opening stock. Without a slug, one "
        "is made of the name.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        status=201,
        body=CreateProductBody,
        returns=ProductView,
        request_examples={"A shoe in one size": examples.CREATE_PRODUCT},
        response_example=examples.PRODUCT,
        problems=(
            *_REFUSALS,
            e.NoVariantError,
            e.TooManyVariantsError,
            CurrencyNotSupportedError,
            InvalidMovementError,
        ),
        idempotency="honoured",
    ),
)
async def create_product(
    request: HttpRequest,
    create_product: Given[CreateProductHandler],
    catalog: Given[CatalogQueries],
    writing: Given[Writing],
) -> Answer:
    """Create it and show it."""
    body = await read_body(request, CreateProductBody)
    command = body.command(signed_in(request).user_id)

    async def work() -> Answer:
        created = await create_product(command)
        product = await keys.read_back(catalog, created.id)
        return created_answer(
            product, state=State(product.id, product.version), at=f"/v1/products/{created.id}"
        )

    return await writing(request, work)


@patch(
    "/v1/products/{product_id:str}",
    **operation(
        "changeProduct",
        "Change a product",
        description="A JSON merge patch: absent fields stay, `null` clears. A changed slug leaves "
        "the old one working.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        path={"product_id": PRODUCT_ID},
        body=ChangeProductBody,
        body_media_type="application/merge-patch+json",
        returns=ProductView,
        request_examples={"Rename, and clear two fields": examples.CHANGE_PRODUCT},
        response_example=examples.PRODUCT,
        problems=(e.ProductNotFoundError, StaleVersionError, *_REFUSALS),
        conditional="write",
    ),
)
async def change_product(
    request: HttpRequest,
    product_id: PathText,
    change_product: Given[ChangeProductHandler],
    catalog: Given[CatalogQueries],
    writing: Given[Writing],
) -> Answer:
    """Change it and show it."""
    which = keys.product_id(product_id)
    expected = expected_version(request, which)
    body = await read_body(request, ChangeProductBody)
    command = body.command(which, expected)

    async def work() -> Answer:
        await change_product(command)
        product = await keys.read_back(catalog, which)
        return resource_answer(product, state=State(product.id, product.version))

    return await writing(request, work)


@delete(
    "/v1/products/{product_id:str}",
    status_code=200,
    **operation(
        "deleteProduct",
        "Delete a product",
        description="Removes it from the shop with its variants and their stock. Orders keep their "
        "own copy of what was bought.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        status=204,
        path={"product_id": PRODUCT_ID},
        problems=(e.ProductNotFoundError, StaleVersionError),
        conditional="write",
    ),
)
async def delete_product(
    request: HttpRequest, product_id: PathText, delete_product: Given[DeleteProductHandler]
) -> Answer:
    """Remove it."""
    which = keys.product_id(product_id)
    await delete_product(
        DeleteProduct(product_id=which, expected_version=expected_version(request, which))
    )
    return no_content()


ROUTES: Final = (list_products, get_product, create_product, change_product, delete_product)
