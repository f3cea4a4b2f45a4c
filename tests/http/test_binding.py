"""Routes and the services that they ask for by name."""

import pytest
from litestar import get
from tests.http.conftest import services

from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.entrypoints.http.answers import Answer, no_content
from ecommerce.entrypoints.http.app import ROUTES, create_app
from ecommerce.entrypoints.http.binding import Given, UnknownServiceError, bound
from ecommerce.entrypoints.http.operation import PUBLIC, operation
from ecommerce.entrypoints.http.request import PathText


@get("/shelf/{name:str}", **operation("getShelf", "A shelf", tag="Test", access=PUBLIC))
async def _shelf(name: PathText, catalog: Given[CatalogQueries]) -> Answer:
    return no_content((("X-Shelf", f"{name} of {catalog}"),))


@get("/nowhere", **operation("getNowhere", "Nothing", tag="Test", access=PUBLIC))
async def _nowhere(warehouse: Given[CatalogQueries]) -> Answer:
    return no_content()


async def test_a_service_is_given_and_the_rest_comes_with_the_request() -> None:
    route = bound(_shelf, {"catalog": "the catalogue", "clock": "not asked for"})
    answer = await route.fn(name="first")
    assert answer.headers == ((b"x-shelf", b"first of the catalogue"),)
    assert list(route.parsed_fn_signature.parameters) == ["name"]


async def test_each_application_has_services_of_its_own() -> None:
    one, other = (bound(_shelf, {"catalog": name}) for name in ("one", "other"))
    answers = [await route.fn(name="top") for route in (one, other)]
    assert [answer.headers[0][1] for answer in answers] == [b"top of one", b"top of other"]


def test_a_route_that_asks_for_what_there_is_not_stops_the_start() -> None:
    with pytest.raises(UnknownServiceError, match="_nowhere: warehouse"):
        create_app(services(), routes=[*ROUTES, _nowhere])
