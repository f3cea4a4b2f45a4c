"""What a text may become while it is being typed."""

from typing import Final

from litestar import get

from ecommerce.application.catalog.queries import CatalogQueries, Suggestions
from ecommerce.entrypoints.http.answers import Answer, read_answer
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.catalog import examples
from ecommerce.entrypoints.http.catalog.listing_query import SuggestQuery
from ecommerce.entrypoints.http.operation import PUBLIC, operation
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest

TAG: Final = "Search"


@get(
    "/v1/search/suggest",
    **operation(
        "suggest",
        "Suggest while one types",
        description="Active products and categories whose names have the words typed, the last "
        "one perhaps half, typing errors forgiven; and texts that others searched for and found "
        "something.",
        tag=TAG,
        access=PUBLIC,
        query=SuggestQuery,
        returns=Suggestions,
        response_example=examples.SUGGESTIONS,
        conditional="read",
    ),
)
async def suggest(request: HttpRequest, catalog: Given[CatalogQueries]) -> Answer:
    """Products, categories and past queries."""
    query = read_query(request, SuggestQuery)
    return read_answer(request, await catalog.suggest(query.q, query.limit))


ROUTES: Final = (suggest,)
