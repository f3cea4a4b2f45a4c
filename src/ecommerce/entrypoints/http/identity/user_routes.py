"""The accounts of the shop, for those who look after them."""

from typing import Final

import msgspec
from litestar import get, patch

from ecommerce.application.identity.change_user import ChangeUser, ChangeUserHandler
from ecommerce.application.identity.queries import AccountQueries, AccountView
from ecommerce.application.shared.unset import UNSET
from ecommerce.domain.identity.errors import (
    InvalidEmailError,
    LastAdminError,
    OwnAccountError,
    UserNotFoundError,
)
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import UserId
from ecommerce.entrypoints.http.answers import Answer, read_answer, resource_answer
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.identity.schemas import TAG
from ecommerce.entrypoints.http.identity.user_schemas import (
    EXAMPLE_ACCOUNT,
    EXAMPLE_ACCOUNTS,
    USER_ID,
    ChangeUserBody,
    UserPage,
    UsersQuery,
)
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.paging import page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText, uuid_or_none


@get(
    "/v1/users",
    **operation(
        "listUsers",
        "Find accounts",
        description=(
            "The newest first; an account that was deleted is not among them. Filters that are "
            "given together must all be true."
        ),
        tag=TAG,
        access=permission(Permission.USERS_READ),
        query=UsersQuery,
        returns=UserPage,
        response_example=EXAMPLE_ACCOUNTS,
        problems=(InvalidEmailError,),
        conditional="read",
    ),
)
async def list_users(request: HttpRequest, belongings: Given[AccountQueries]) -> Answer:
    """A page of accounts."""
    query = read_query(request, UsersQuery)
    page = await belongings.accounts(query.criteria(), page_request(request, query))
    return page_answer(request, query, page)


@get(
    "/v1/users/{user_id:str}",
    **operation(
        "getUser",
        "Read an account",
        description="Somebody's account.",
        tag=TAG,
        access=permission(Permission.USERS_READ),
        path={"user_id": USER_ID},
        returns=AccountView,
        response_example=EXAMPLE_ACCOUNT,
        problems=(UserNotFoundError,),
        conditional="read",
    ),
)
async def get_user(
    request: HttpRequest, user_id: PathText, belongings: Given[AccountQueries]
) -> Answer:
    """One account."""
    view = await _read(belongings, _which(user_id))
    return read_answer(request, view, state=State(view.id, view.version))


@patch(
    "/v1/users/{user_id:str}",
    **operation(
        "changeUser",
        "Change an account",
        description=(
            "A JSON merge patch, effective at once: the next request of whoever it is already has "
            "the new role, and disabling ends every session. Disabling and making somebody a "
            "customer revoke the API keys that they made. Only admins change roles, and only "
            "admins disable an admin. Nobody changes their own role or disables themself, and the "
            "last admin stays one."
        ),
        tag=TAG,
        access=permission(Permission.USERS_WRITE),
        path={"user_id": USER_ID},
        body=ChangeUserBody,
        body_media_type="application/merge-patch+json",
        returns=AccountView,
        request_examples={
            "another role": {"role": "staff"},
            "lock out": {"disabled": True},
        },
        response_example={**EXAMPLE_ACCOUNT, "role": "staff", "version": 2},
        problems=(UserNotFoundError, StaleVersionError, OwnAccountError, LastAdminError),
        conditional="write",
        step_up=True,
    ),
)
async def change_a_user(
    request: HttpRequest,
    user_id: PathText,
    change_user: Given[ChangeUserHandler],
    belongings: Given[AccountQueries],
    writing: Given[Writing],
) -> Answer:
    """Answer with the account as it is then."""
    which = _which(user_id)
    expected = expected_version(request, which)
    body = await read_body(request, ChangeUserBody)
    command = ChangeUser(
        actor=signed_in(request),
        user_id=which,
        role=UNSET if body.role is msgspec.UNSET else body.role,
        disabled=UNSET if body.disabled is msgspec.UNSET else body.disabled,
        expected_version=expected,
    )

    async def work() -> Answer:
        await change_user(command)
        view = await _read(belongings, which)
        return resource_answer(view, state=State(view.id, view.version))

    return await writing(request, work)


def _which(text: str) -> UserId:
    found = uuid_or_none(text)
    if found is None:
        raise _absent()
    return UserId(found)


async def _read(belongings: AccountQueries, which: UserId) -> AccountView:
    view = await belongings.account(which)
    if view is None:
        raise _absent()
    return view


def _absent() -> UserNotFoundError:
    return UserNotFoundError("There is no such account.")


ROUTES: Final = (list_users, get_user, change_a_user)
