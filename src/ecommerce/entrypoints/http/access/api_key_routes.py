"""Keys for machines."""

from typing import Final

from litestar import delete, get, post

from ecommerce.application.identity.access.create_api_key import CreateApiKey, CreateApiKeyHandler
from ecommerce.application.identity.access.queries import AccessQueries, ApiKeyView
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKey, RevokeApiKeyHandler
from ecommerce.domain.identity import access_errors as e
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import ApiKeyId
from ecommerce.entrypoints.http.access import fields, schemas
from ecommerce.entrypoints.http.answers import Answer, encode, json_answer, no_content, read_answer
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version, make
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.paging import PageQuery, page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText

_READ: Final = permission(Permission.API_KEYS_READ)
_WRITE: Final = permission(Permission.API_KEYS_WRITE)


@get(
    "/v1/api-keys",
    **operation(
        "listApiKeys",
        "List API keys",
        description="In the order of creation, whoever made them, those that ended included. When "
        "a key was used last is known to the minute.",
        tag=fields.TAG,
        access=_READ,
        query=PageQuery,
        returns=schemas.ApiKeyPage,
        response_example=schemas.API_KEY_PAGE,
        conditional="read",
    ),
)
async def list_api_keys(request: HttpRequest, access: Given[AccessQueries]) -> Answer:
    """A page of keys."""
    query = read_query(request, PageQuery)
    return page_answer(request, query, await access.api_keys(page_request(request, query)))


@get(
    "/v1/api-keys/{api_key_id:str}",
    **operation(
        "getApiKey",
        "Read an API key",
        description="Without its secret, which nobody can read again.",
        tag=fields.TAG,
        access=_READ,
        path={"api_key_id": fields.API_KEY_ID},
        returns=ApiKeyView,
        response_example=schemas.API_KEY,
        problems=(e.ApiKeyNotFoundError,),
        conditional="read",
    ),
)
async def get_api_key(
    request: HttpRequest, api_key_id: PathText, access: Given[AccessQueries]
) -> Answer:
    """One key."""
    key = await _read(access, fields.api_key_id(api_key_id))
    return read_answer(request, key, state=State(key.id, key.version))


@post(
    "/v1/api-keys",
    **operation(
        "createApiKey",
        "Make an API key",
        description=(
            "For a machine, which sends it as `Authorization: Bearer ek_live_...`. It can do what "
            "its permissions say and you may do yourself at that moment, and never anything about "
            "accounts, roles or keys. The secret is in this answer and nowhere else: the shop "
            "keeps a hash. That is why an `Idempotency-Key` is not looked at here: the answer "
            "would have to be kept. Where an answer was lost, revoke the key and make another."
        ),
        tag=fields.TAG,
        access=_WRITE,
        status=201,
        body=schemas.CreateApiKeyBody,
        returns=schemas.NewApiKey,
        request_examples={"For a scanner": schemas.CREATE_API_KEY},
        response_example=schemas.NEW_API_KEY,
        problems=(
            e.InvalidApiKeyError,
            e.UnknownPermissionError,
            e.NotForApiKeysError,
            e.PermissionNotHeldError,
        ),
        step_up=True,
    ),
)
async def create_api_key(
    request: HttpRequest,
    create_api_key: Given[CreateApiKeyHandler],
    access: Given[AccessQueries],
    writing: Given[Writing],
) -> Answer:
    """Make it and show it, with its secret."""
    body = await read_body(request, schemas.CreateApiKeyBody)
    command = CreateApiKey(
        actor=signed_in(request),
        name=body.name,
        permissions=body.permissions,
        days=body.expires_in_days,
    )

    async def work() -> Answer:
        created = await create_api_key(command)
        key = await _read(access, created.id)
        shown = schemas.NewApiKey(
            id=key.id,
            key=created.text,
            name=key.name,
            start=key.start,
            permissions=key.permissions,
            user_id=key.user_id,
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
        headers = (
            ("Location", f"/v1/api-keys/{key.id}"),
            # Of what can be read again, which the secret is not a part of.
            ("ETag", make(encode(key), State(key.id, key.version))),
        )
        return json_answer(shown, status=201, headers=(*headers, *fields.NO_STORE))

    return await writing(request, work)


@delete(
    "/v1/api-keys/{api_key_id:str}",
    status_code=200,
    **operation(
        "revokeApiKey",
        "Revoke an API key",
        description="It stops working at once, whoever made it, and stays listed. Its version "
        "changes when it is revoked, and not when it is used.",
        tag=fields.TAG,
        access=_WRITE,
        status=204,
        path={"api_key_id": fields.API_KEY_ID},
        problems=(e.ApiKeyNotFoundError, StaleVersionError),
        conditional="write",
        step_up=True,
    ),
)
async def revoke_api_key(
    request: HttpRequest, api_key_id: PathText, revoke_api_key: Given[RevokeApiKeyHandler]
) -> Answer:
    """End it."""
    which = fields.api_key_id(api_key_id)
    await revoke_api_key(
        RevokeApiKey(
            actor=signed_in(request),
            key_id=which,
            expected_version=expected_version(request, which),
        )
    )
    return no_content()


async def _read(access: AccessQueries, which: ApiKeyId) -> ApiKeyView:
    key = await access.api_key(which)
    if key is None:
        raise fields.no_api_key()
    return key


ROUTES: Final = (list_api_keys, get_api_key, create_api_key, revoke_api_key)
