"""Who has which roles."""

from typing import Final

from litestar import get, put

from ecommerce.application.identity.access.give_roles import GiveRoles, GiveRolesHandler
from ecommerce.application.identity.access.queries import AccessQueries, UserRolesView
from ecommerce.domain.identity import access_errors as e
from ecommerce.domain.identity.errors import UserNotFoundError
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import StaffRoleId, UserId
from ecommerce.entrypoints.http.access import fields, schemas
from ecommerce.entrypoints.http.answers import (
    Answer,
    read_answer,
    resource_answer,
)
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.request import HttpRequest, PathText

_READ: Final = permission(Permission.ROLES_READ)
_WRITE: Final = permission(Permission.ROLES_WRITE)


@get(
    "/v1/users/{user_id:str}/roles",
    **operation(
        "getRolesOfUser",
        "Read what an account may do",
        description="The roles it was given, and every permission it holds at this moment.",
        tag=fields.TAG,
        access=_READ,
        path={"user_id": fields.USER_ID},
        returns=UserRolesView,
        response_example=schemas.USER_ROLES,
        problems=(UserNotFoundError,),
        conditional="read",
    ),
)
async def get_roles_of_user(
    request: HttpRequest, user_id: PathText, access: Given[AccessQueries]
) -> Answer:
    """What it was given."""
    roles = await _roles_of(access, fields.user_id(user_id))
    return read_answer(request, roles, state=_state(roles))


@put(
    "/v1/users/{user_id:str}/roles",
    **operation(
        "giveRoles",
        "Give roles to staff",
        description="All the roles that the account has from its next request on; none means the "
        "default role. You cannot give what you do not hold.",
        tag=fields.TAG,
        access=_WRITE,
        path={"user_id": fields.USER_ID},
        body=schemas.GiveRolesBody,
        returns=UserRolesView,
        request_examples={"One role": schemas.GIVE_ROLES, "The default role": {"role_ids": []}},
        response_example=schemas.USER_ROLES,
        problems=(
            UserNotFoundError,
            e.NotStaffError,
            e.UnknownRoleError,
            e.PermissionNotHeldError,
            StaleVersionError,
        ),
        conditional="write",
        step_up=True,
    ),
)
async def give_roles(
    request: HttpRequest,
    user_id: PathText,
    give_roles: Given[GiveRolesHandler],
    access: Given[AccessQueries],
    writing: Given[Writing],
) -> Answer:
    """Give them and show what the account may do."""
    which = fields.user_id(user_id)
    expected = expected_version(request, _assignment(which))
    body = await read_body(request, schemas.GiveRolesBody)
    command = GiveRoles(
        actor=signed_in(request),
        user_id=which,
        role_ids=[StaffRoleId(i) for i in body.role_ids],
        expected_version=expected,
    )

    async def work() -> Answer:
        await give_roles(command)
        roles = await _roles_of(access, which)
        return resource_answer(roles, state=_state(roles))

    return await writing(request, work)


async def _roles_of(access: AccessQueries, which: UserId) -> UserRolesView:
    found = await access.roles_of(which)
    if found is None:
        raise fields.no_user()
    return found


def _assignment(which: UserId) -> str:
    """What is versioned here: the account, as somebody who has roles."""
    return f"{which}/roles"


def _state(roles: UserRolesView) -> State:
    return State(_assignment(roles.user_id), roles.version)


ROUTES: Final = (get_roles_of_user, give_roles)
