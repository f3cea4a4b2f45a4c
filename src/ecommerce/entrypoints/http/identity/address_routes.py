"""One's address book."""

from typing import Final

from litestar import delete, get, post, put

from ecommerce.application.identity.add_address import AddAddress, AddAddressHandler
from ecommerce.application.identity.queries import AccountQueries, AddressView
from ecommerce.application.identity.remove_address import RemoveAddress, RemoveAddressHandler
from ecommerce.application.identity.replace_address import ReplaceAddress, ReplaceAddressHandler
from ecommerce.domain.identity.errors import (
    AddressBookFullError,
    AddressNotFoundError,
    InvalidTokenError,
    SessionEndedError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import AddressId, UserId
from ecommerce.domain.shared.postal_address import InvalidAddressError
from ecommerce.entrypoints.http.answers import (
    Answer,
    created_answer,
    no_content,
    read_answer,
    resource_answer,
)
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.identity.address_schemas import (
    ADDRESS_ID,
    EXAMPLE_ADDRESS,
    EXAMPLE_ADDRESSES,
    EXAMPLE_SET_ADDRESS,
    AddressPage,
    SetAddressBody,
)
from ecommerce.entrypoints.http.identity.schemas import TAG
from ecommerce.entrypoints.http.operation import SIGNED_IN, operation
from ecommerce.entrypoints.http.paging import PageQuery, page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText, uuid_or_none

_SIGNED_OUT: Final = (InvalidTokenError, SessionEndedError)
_EXAMPLES: Final = {
    "in full": EXAMPLE_SET_ADDRESS,
    "the least": {
        "full_name": "Ada Lovelace",
        "line1": "12 St James's Square",
        "city": "London",
        "country": "GB",
    },
}


@get(
    "/v1/me/addresses",
    **operation(
        "listAddresses",
        "One's address book",
        description="In the order in which they were added, 50 at the most.",
        tag=TAG,
        access=SIGNED_IN,
        query=PageQuery,
        returns=AddressPage,
        response_example=EXAMPLE_ADDRESSES,
        problems=_SIGNED_OUT,
        conditional="read",
    ),
)
async def list_addresses(request: HttpRequest, belongings: Given[AccountQueries]) -> Answer:
    """A page of addresses."""
    query = read_query(request, PageQuery)
    page = await belongings.addresses(signed_in(request).user_id, page_request(request, query))
    return page_answer(request, query, page)


@get(
    "/v1/me/addresses/{address_id:str}",
    **operation(
        "getAddress",
        "Read an address",
        description="An address of one's own book.",
        tag=TAG,
        access=SIGNED_IN,
        path={"address_id": ADDRESS_ID},
        returns=AddressView,
        response_example=EXAMPLE_ADDRESS,
        problems=(*_SIGNED_OUT, AddressNotFoundError),
        conditional="read",
    ),
)
async def get_address(
    request: HttpRequest, address_id: PathText, belongings: Given[AccountQueries]
) -> Answer:
    """One address."""
    view = await _read(belongings, signed_in(request).user_id, _which(address_id))
    return read_answer(request, view, state=State(view.id, view.version))


@post(
    "/v1/me/addresses",
    **operation(
        "addAddress",
        "Add an address",
        description=(
            "The first address is the default for both shipping and billing; a new default takes "
            "the place of the one before it."
        ),
        tag=TAG,
        access=SIGNED_IN,
        status=201,
        body=SetAddressBody,
        returns=AddressView,
        request_examples=_EXAMPLES,
        response_example=EXAMPLE_ADDRESS,
        problems=(*_SIGNED_OUT, InvalidAddressError, AddressBookFullError),
        idempotency="honoured",
    ),
)
async def add_an_address(
    request: HttpRequest,
    add_address: Given[AddAddressHandler],
    belongings: Given[AccountQueries],
    writing: Given[Writing],
) -> Answer:
    """Add it and show it."""
    body = await read_body(request, SetAddressBody)
    actor = signed_in(request)
    command = AddAddress(actor=actor, details=body.details())

    async def work() -> Answer:
        made = await add_address(command)
        view = await _read(belongings, actor.user_id, made)
        return created_answer(
            view, state=State(view.id, view.version), at=f"/v1/me/addresses/{made}"
        )

    return await writing(request, work)


@put(
    "/v1/me/addresses/{address_id:str}",
    **operation(
        "replaceAddress",
        "Replace an address",
        description="The address says this from now on; orders keep their own copy.",
        tag=TAG,
        access=SIGNED_IN,
        path={"address_id": ADDRESS_ID},
        body=SetAddressBody,
        returns=AddressView,
        request_examples=_EXAMPLES,
        response_example=EXAMPLE_ADDRESS,
        problems=(*_SIGNED_OUT, InvalidAddressError, AddressNotFoundError, StaleVersionError),
        conditional="write",
    ),
)
async def replace_an_address(
    request: HttpRequest,
    address_id: PathText,
    replace_address: Given[ReplaceAddressHandler],
    belongings: Given[AccountQueries],
    writing: Given[Writing],
) -> Answer:
    """Replace it and show it."""
    which = _which(address_id)
    expected = expected_version(request, which)
    body = await read_body(request, SetAddressBody)
    actor = signed_in(request)
    command = ReplaceAddress(
        actor=actor, address_id=which, details=body.details(), expected_version=expected
    )

    async def work() -> Answer:
        await replace_address(command)
        view = await _read(belongings, actor.user_id, which)
        return resource_answer(view, state=State(view.id, view.version))

    return await writing(request, work)


@delete(
    "/v1/me/addresses/{address_id:str}",
    status_code=200,
    **operation(
        "deleteAddress",
        "Delete an address",
        description="Where it was a default, there is none until another is made one.",
        tag=TAG,
        access=SIGNED_IN,
        status=204,
        path={"address_id": ADDRESS_ID},
        problems=(*_SIGNED_OUT, AddressNotFoundError, StaleVersionError),
        conditional="write",
    ),
)
async def delete_address(
    request: HttpRequest, address_id: PathText, remove_address: Given[RemoveAddressHandler]
) -> Answer:
    """Remove it."""
    which = _which(address_id)
    await remove_address(
        RemoveAddress(
            actor=signed_in(request),
            address_id=which,
            expected_version=expected_version(request, which),
        )
    )
    return no_content()


def _which(text: str) -> AddressId:
    found = uuid_or_none(text)
    if found is None:
        raise _absent()
    return AddressId(found)


async def _read(belongings: AccountQueries, user_id: UserId, which: AddressId) -> AddressView:
    view = await belongings.address(user_id, which)
    if view is None:
        raise _absent()
    return view


def _absent() -> AddressNotFoundError:
    return AddressNotFoundError("There is no such address.")


ROUTES: Final = (
    list_addresses,
    get_address,
    add_an_address,
    replace_an_address,
    delete_address,
)
