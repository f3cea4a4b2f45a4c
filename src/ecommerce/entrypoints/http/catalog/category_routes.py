"""Categories: the tree in which products are found."""

from typing import Final

from litestar import delete, get, patch, post

from ecommerce.application.catalog.change_category import ChangeCategoryHandler
from ecommerce.application.catalog.create_category import CreateCategoryHandler
from ecommerce.application.catalog.delete_category import DeleteCategory, DeleteCategoryHandler
from ecommerce.application.catalog.queries import CatalogQueries, CategoryDetail
from ecommerce.domain.catalog import errors as e
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import InvalidSlugError, SlugTakenError
from ecommerce.entrypoints.http.answers import (
    Answer,
    created_answer,
    encode,
    no_content,
    redirect,
    resource_answer,
    tagged_answer,
)
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.catalog import examples, keys
from ecommerce.entrypoints.http.catalog.category_schemas import (
    CategoriesQuery,
    CategoryTree,
    ChangeCategoryBody,
    CreateCategoryBody,
    TreeQuery,
)
from ecommerce.entrypoints.http.catalog.fields import CATEGORY_ID, CATEGORY_KEY
from ecommerce.entrypoints.http.catalog.pages import CategoryPage
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.kept import kept_answer, kept_read
from ecommerce.entrypoints.http.operation import PUBLIC, operation, permission
from ecommerce.entrypoints.http.paging import page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText

TAG: Final = "Categories"
_REFUSALS: Final = (
    SlugTakenError,
    InvalidSlugError,
    e.UnknownCategoryError,
    e.CategoryTooDeepError,
    e.InvalidDetailsError,
)


@get(
    "/v1/categories",
    **operation(
        "listCategories",
        "List categories",
        description="By position, then name: all, the roots, or the children of one.",
        tag=TAG,
        access=PUBLIC,
        query=CategoriesQuery,
        returns=CategoryPage,
        response_example=examples.CATEGORY_PAGE,
        conditional="read",
    ),
)
async def list_categories(request: HttpRequest, catalog: Given[CatalogQueries]) -> Answer:
    """A page of categories."""
    query = read_query(request, CategoriesQuery)
    page = await catalog.categories(query.parent, page_request(request, query))
    return page_answer(request, query, page)


@get(
    "/v1/categories/tree",
    **operation(
        "getCategoryTree",
        "Read the category tree",
        description="Nested, from the roots or from one category down.",
        tag=TAG,
        access=PUBLIC,
        query=TreeQuery,
        returns=CategoryTree,
        response_example=examples.TREE,
        problems=(e.CategoryNotFoundError,),
        conditional="read",
    ),
)
async def get_tree(request: HttpRequest, catalog: Given[CatalogQueries]) -> Answer:
    """The tree."""
    query = read_query(request, TreeQuery)
    nodes = await catalog.category_tree(query.root, query.depth)
    if nodes is None:
        raise keys.no_category()
    # A tuple cannot be referred to weakly; its first node belongs to no other tree.
    result = nodes[0] if nodes else nodes
    return kept_answer(
        request, result, id(nodes), lambda: tagged_answer(encode(CategoryTree(nodes)))
    )


@get(
    "/v1/categories/{category_id:str}",
    **operation(
        "getCategory",
        "Read a category",
        description="By id or slug, with its ancestors (root first), its children, and the number "
        "of active products in it and below.",
        tag=TAG,
        access=PUBLIC,
        path={"category_id": CATEGORY_KEY},
        returns=CategoryDetail,
        response_example=examples.CATEGORY_DETAIL,
        other_responses={308: "The slug is an old one; `Location` is the current address."},
        problems=(e.CategoryNotFoundError,),
        conditional="read",
    ),
)
async def get_category(
    request: HttpRequest, category_id: PathText, catalog: Given[CatalogQueries]
) -> Answer:
    """A category whole."""
    found = keys.key_of(category_id)
    category = None if found is None else await catalog.category(found)
    if category is not None:
        return kept_read(request, category, state=State(category.id, category.version))
    if isinstance(found, str):
        current = await catalog.category_by_old_slug(found)
        if current is not None:
            return redirect(308, f"/v1/categories/{current}")
    raise keys.no_category()


@post(
    "/v1/categories",
    **operation(
        "createCategory",
        "Create a category",
        description="A root, or under a parent. Without a slug, one is made of the name.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        status=201,
        body=CreateCategoryBody,
        returns=CategoryDetail,
        request_examples={
            "A root": examples.CREATE_ROOT,
            "Under a parent": examples.CREATE_CATEGORY,
        },
        response_example=examples.CATEGORY_DETAIL,
        problems=_REFUSALS,
        idempotency="honoured",
    ),
)
async def create_category(
    request: HttpRequest,
    create_category: Given[CreateCategoryHandler],
    catalog: Given[CatalogQueries],
    writing: Given[Writing],
) -> Answer:
    """Create it and show it."""
    body = await read_body(request, CreateCategoryBody)
    command = body.command()

    async def work() -> Answer:
        created = await create_category(command)
        category = await _read_back(catalog, created.id)
        return created_answer(
            category, state=State(category.id, category.version), at=f"/v1/categories/{created.id}"
        )

    return await writing(request, work)


@patch(
    "/v1/categories/{category_id:str}",
    **operation(
        "changeCategory",
        "Change or move a category",
        description="A JSON merge patch: absent fields stay, `null` clears. A new `parent_id` "
        "moves it with everything below it.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        path={"category_id": CATEGORY_ID},
        body=ChangeCategoryBody,
        body_media_type="application/merge-patch+json",
        returns=CategoryDetail,
        request_examples={"Rename and make it a root": examples.CHANGE_CATEGORY},
        response_example=examples.CATEGORY_DETAIL,
        problems=(e.CategoryNotFoundError, StaleVersionError, e.CategoryCycleError, *_REFUSALS),
        conditional="write",
    ),
)
async def change_category(
    request: HttpRequest,
    category_id: PathText,
    change_category: Given[ChangeCategoryHandler],
    catalog: Given[CatalogQueries],
    writing: Given[Writing],
) -> Answer:
    """Change it and show it."""
    which = keys.category_id(category_id)
    expected = expected_version(request, which)
    body = await read_body(request, ChangeCategoryBody)
    command = body.command(which, expected)

    async def work() -> Answer:
        await change_category(command)
        category = await _read_back(catalog, which)
        return resource_answer(category, state=State(category.id, category.version))

    return await writing(request, work)


@delete(
    "/v1/categories/{category_id:str}",
    status_code=200,
    **operation(
        "deleteCategory",
        "Delete a category",
        description="One that has neither children nor products.",
        tag=TAG,
        access=permission(Permission.CATALOG_WRITE),
        status=204,
        path={"category_id": CATEGORY_ID},
        problems=(e.CategoryNotFoundError, StaleVersionError, e.CategoryNotEmptyError),
        conditional="write",
    ),
)
async def delete_category(
    request: HttpRequest, category_id: PathText, delete_category: Given[DeleteCategoryHandler]
) -> Answer:
    """Remove it."""
    which = keys.category_id(category_id)
    await delete_category(
        DeleteCategory(category_id=which, expected_version=expected_version(request, which))
    )
    return no_content()


async def _read_back(catalog: CatalogQueries, which: CategoryId) -> CategoryDetail:
    found = await catalog.category(which)
    if found is None:
        raise keys.no_category()
    return found


ROUTES: Final = (
    list_categories,
    get_tree,
    get_category,
    create_category,
    change_category,
    delete_category,
)
