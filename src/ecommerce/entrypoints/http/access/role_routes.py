"""Roles of named permissions."""

from typing import Final

import msgspec
from litestar import delete, get, patch, post

from ecommerce.application.identity.access.change_role import ChangeRole, ChangeRoleHandler
from ecommerce.application.identity.access.create_role import CreateRole, CreateRoleHandler
from ecommerce.application.identity.access.delete_role import DeleteRole, DeleteRoleHandler
from ecommerce.application.identity.access.queries import AccessQueries, RoleView
from ecommerce.application.shared.unset import UNSET
from ecommerce.domain.identity import access_errors as e
from ecommerce.domain.identity.permissions import FOR_MACHINES, MEANINGS, Permission
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import StaffRoleId
from ecommerce.entrypoints.http.access import fields, schemas
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
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.paging import PageQuery, page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText

_READ: Final = permission(Permission.ROLES_READ)
_WRITE: Final = permission(Permission.ROLES_WRITE)
_REFUSALS: Final = (
    e.InvalidRoleError,
    e.RoleNameTakenError,
    e.UnknownPermissionError,
    e.PermissionNotHeldError,
)
_PERMISSIONS: Final = schemas.PermissionList(
    tuple(
        schemas.PermissionView(each.value, MEANINGS[each], each.value in FOR_MACHINES)
        for each in Permission
    )
)


@get(
    "/v1/permissions",
    **operation(
        "listPermissions",
        "List permissions",
        description="Every permission there is, and what it lets one do.",
        tag=fields.TAG,
        access=_READ,
        returns=schemas.PermissionList,
        response_example=schemas.PERMISSIONS,
        conditional="read",
    ),
)
async def list_permissions(request: HttpRequest) -> Answer:
    """The same for everybody."""
    return read_answer(request, _PERMISSIONS)


@get(
    "/v1/roles",
    **operation(
        "listRoles",
        "List roles",
        description="In the order of creation. The default role is held by staff to whom none is "
        "given.",
        tag=fields.TAG,
        access=_READ,
        query=PageQuery,
        returns=schemas.RolePage,
        response_example=schemas.ROLE_PAGE,
        conditional="read",
    ),
)
async def list_roles(request: HttpRequest, access: Given[AccessQueries]) -> Answer:
    """A page of roles."""
    query = read_query(request, PageQuery)
    return page_answer(request, query, await access.roles(page_request(request, query)))


@get(
    "/v1/roles/{role_id:str}",
    **operation(
        "getRole",
        "Read a role",
        tag=fields.TAG,
        access=_READ,
        path={"role_id": fields.ROLE_ID},
        returns=RoleView,
        response_example=schemas.ROLE,
        problems=(e.RoleNotFoundError,),
        conditional="read",
    ),
)
async def get_role(request: HttpRequest, role_id: PathText, access: Given[AccessQueries]) -> Answer:
    """One role."""
    role = await _read(access, fields.role_id(role_id))
    return read_answer(request, role, state=State(role.id, role.version))


@post(
    "/v1/roles",
    **operation(
        "createRole",
        "Make a role",
        description="A name for permissions, none of them more than you hold yourself.",
        tag=fields.TAG,
        access=_WRITE,
        status=201,
        body=schemas.CreateRoleBody,
        returns=RoleView,
        request_examples={"For the warehouse": schemas.CREATE_ROLE},
        response_example=schemas.ROLE,
        problems=_REFUSALS,
        idempotency="honoured",
        step_up=True,
    ),
)
async def create_role(
    request: HttpRequest,
    create_role: Given[CreateRoleHandler],
    access: Given[AccessQueries],
    writing: Given[Writing],
) -> Answer:
    """Make it and show it."""
    body = await read_body(request, schemas.CreateRoleBody)
    command = CreateRole(
        actor=signed_in(request),
        name=body.name,
        permissions=body.permissions,
        description=body.description,
    )

    async def work() -> Answer:
        role = await _read(access, await create_role(command))
        return created_answer(role, state=State(role.id, role.version), at=f"/v1/roles/{role.id}")

    return await writing(request, work)


@patch(
    "/v1/roles/{role_id:str}",
    **operation(
        "changeRole",
        "Change a role",
        description="A JSON merge patch. Whoever has the role holds its permissions as they are "
        "then, from their next request on. You cannot add one that you do not hold.",
        tag=fields.TAG,
        access=_WRITE,
        path={"role_id": fields.ROLE_ID},
        body=schemas.ChangeRoleBody,
        body_media_type="application/merge-patch+json",
        returns=RoleView,
        request_examples={
            "Only looking": {"permissions": ["catalog:read", "inventory:read"]},
            "Another name": {"name": "Stockroom", "description": None},
        },
        response_example=schemas.ROLE,
        problems=(e.RoleNotFoundError, StaleVersionError, *_REFUSALS),
        conditional="write",
        step_up=True,
    ),
)
async def change_role(
    request: HttpRequest,
    role_id: PathText,
    change_role: Given[ChangeRoleHandler],
    access: Given[AccessQueries],
    writing: Given[Writing],
) -> Answer:
    """Change it and show it."""
    which = fields.role_id(role_id)
    expected = expected_version(request, which)
    body = await read_body(request, schemas.ChangeRoleBody)
    command = ChangeRole(
        actor=signed_in(request),
        role_id=which,
        name=UNSET if body.name is msgspec.UNSET else body.name,
        description=UNSET if body.description is msgspec.UNSET else body.description,
        permissions=UNSET if body.permissions is msgspec.UNSET else body.permissions,
        expected_version=expected,
    )

    async def work() -> Answer:
        await change_role(command)
        role = await _read(access, which)
        return resource_answer(role, state=State(role.id, role.version))

    return await writing(request, work)


@delete(
    "/v1/roles/{role_id:str}",
    status_code=200,
    **operation(
        "deleteRole",
        "Delete a role",
        description="One that nobody has. The default role stays.",
        tag=fields.TAG,
        access=_WRITE,
        status=204,
        path={"role_id": fields.ROLE_ID},
        problems=(e.RoleNotFoundError, e.RoleInUseError, e.DefaultRoleError, StaleVersionError),
        conditional="write",
        step_up=True,
    ),
)
async def delete_role(
    request: HttpRequest, role_id: PathText, delete_role: Given[DeleteRoleHandler]
) -> Answer:
    """Delete it."""
    which = fields.role_id(role_id)
    await delete_role(
        DeleteRole(
            actor=signed_in(request),
            role_id=which,
            expected_version=expected_version(request, which),
        )
    )
    return no_content()


async def _read(access: AccessQueries, which: StaffRoleId) -> RoleView:
    role = await access.role(which)
    if role is None:
        raise fields.no_role()
    return role


ROUTES: Final = (
    list_permissions,
    list_roles,
    get_role,
    create_role,
    change_role,
    delete_role,
)
