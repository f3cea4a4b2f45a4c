"""Pins: products that stand first, for a query or in a category."""

from typing import Final

from litestar import delete, get, post, put

from ecommerce.application.merchandising.create_pin import CreatePin, CreatePinHandler
from ecommerce.application.merchandising.delete_pin import DeletePin, DeletePinHandler
from ecommerce.application.merchandising.queries import MerchandisingQueries, PinView
from ecommerce.application.merchandising.replace_pin import ReplacePin, ReplacePinHandler
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.merchandising import errors as e
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import PinId
from ecommerce.entrypoints.http.answers import (
    Answer,
    created_answer,
    no_content,
    read_answer,
    resource_answer,
)
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.merchandising import fields, schemas
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.paging import PageQuery, page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText

_REFUSALS: Final = (
    e.InvalidPinError,
    e.PinTakenError,
    e.UnknownPinnedCategoryError,
    e.UnknownPinnedProductsError,
)
_EXAMPLES: Final = {
    "For a query": schemas.SET_PIN_OF_QUERY,
    "In a category": schemas.SET_PIN_OF_CATEGORY,
}


@get(
    "/v1/search/pins",
    **operation(
        "listPins",
        "List pins",
        description="In the order of creation.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_READ),
        query=PageQuery,
        returns=schemas.PinPage,
        response_example=schemas.PIN_PAGE,
        conditional="read",
    ),
)
async def list_pins(request: HttpRequest, merchandising: Given[MerchandisingQueries]) -> Answer:
    """A page of pins."""
    query = read_query(request, PageQuery)
    page = await merchandising.pins(page_request(request, query))
    return page_answer(request, query, page)


@get(
    "/v1/search/pins/{pin_id:str}",
    **operation(
        "getPin",
        "Read a pin",
        description="A product that left the shop is in no pin any more, so a pin may have none.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_READ),
        path={"pin_id": fields.PIN_ID},
        returns=PinView,
        response_example=schemas.PIN,
        problems=(e.PinNotFoundError,),
        conditional="read",
    ),
)
async def get_pin(
    request: HttpRequest, pin_id: PathText, merchandising: Given[MerchandisingQueries]
) -> Answer:
    """One pin."""
    pin = await _read(merchandising, fields.pin_id(pin_id))
    return read_answer(request, pin, state=State(pin.id, pin.version))


@post(
    "/v1/search/pins",
    **operation(
        "createPin",
        "Pin products",
        description="They stand first for a query, or in a category. Each query and each category "
        "has one pin; case and accents of a query do not count.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_WRITE),
        status=201,
        body=schemas.SetPinBody,
        returns=PinView,
        request_examples=_EXAMPLES,
        response_example=schemas.PIN,
        problems=_REFUSALS,
        idempotency="honoured",
    ),
)
async def create_pin(
    request: HttpRequest,
    create_pin: Given[CreatePinHandler],
    merchandising: Given[MerchandisingQueries],
    writing: Given[Writing],
) -> Answer:
    """Create it and show it."""
    body = await read_body(request, schemas.SetPinBody)
    command = CreatePin(details=body.details())

    async def work() -> Answer:
        created = await create_pin(command)
        pin = await _read(merchandising, created.id)
        return created_answer(
            pin, state=State(pin.id, pin.version), at=f"/v1/search/pins/{created.id}"
        )

    return await writing(request, work)


@put(
    "/v1/search/pins/{pin_id:str}",
    **operation(
        "replacePin",
        "Replace a pin",
        description="The pin says this from now on.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_WRITE),
        path={"pin_id": fields.PIN_ID},
        body=schemas.SetPinBody,
        returns=PinView,
        request_examples=_EXAMPLES,
        response_example=schemas.PIN,
        problems=(e.PinNotFoundError, StaleVersionError, *_REFUSALS),
        conditional="write",
    ),
)
async def replace_pin(
    request: HttpRequest,
    pin_id: PathText,
    replace_pin: Given[ReplacePinHandler],
    merchandising: Given[MerchandisingQueries],
    writing: Given[Writing],
) -> Answer:
    """Replace it and show it."""
    which = fields.pin_id(pin_id)
    expected = expected_version(request, which)
    body = await read_body(request, schemas.SetPinBody)
    command = ReplacePin(pin_id=which, details=body.details(), expected_version=expected)

    async def work() -> Answer:
        await replace_pin(command)
        pin = await _read(merchandising, which)
        return resource_answer(pin, state=State(pin.id, pin.version))

    return await writing(request, work)


@delete(
    "/v1/search/pins/{pin_id:str}",
    status_code=200,
    **operation(
        "deletePin",
        "Delete a pin",
        description="The products stay, and stand where they would by themselves.",
        tag=fields.TAG,
        access=permission(Permission.MERCHANDISING_WRITE),
        status=204,
        path={"pin_id": fields.PIN_ID},
        problems=(e.PinNotFoundError, StaleVersionError),
        conditional="write",
    ),
)
async def delete_pin(
    request: HttpRequest, pin_id: PathText, delete_pin: Given[DeletePinHandler]
) -> Answer:
    """Remove it."""
    which = fields.pin_id(pin_id)
    await delete_pin(DeletePin(pin_id=which, expected_version=expected_version(request, which)))
    return no_content()


async def _read(merchandising: MerchandisingQueries, which: PinId) -> PinView:
    pin = await merchandising.pin(which)
    if pin is None:
        raise fields.no_pin()
    return pin


ROUTES: Final = (list_pins, get_pin, create_pin, replace_pin, delete_pin)
