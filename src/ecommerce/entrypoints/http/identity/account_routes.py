"""One's own account, and the keys that tokens are signed with."""

from datetime import timedelta
from typing import Final

import msgspec
from litestar import delete, get, patch

from ecommerce.application.identity.change_profile import ChangeProfile, ChangeProfileHandler
from ecommerce.application.identity.delete_account import DeleteAccount, DeleteAccountHandler
from ecommerce.application.identity.key_times import KEYS_KEPT_FOR
from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.queries import IdentityQueries, UserView
from ecommerce.application.shared.unset import UNSET
from ecommerce.domain.identity.errors import (
    InvalidFullNameError,
    InvalidTokenError,
    LastAdminError,
    SessionEndedError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.entrypoints.http.answers import (
    Answer,
    no_content,
    read_answer,
    resource_answer,
)
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State, expected_version
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.identity.reading import view_of
from ecommerce.entrypoints.http.identity.schemas import (
    EXAMPLE_KEYS,
    EXAMPLE_USER,
    ChangeProfileBody,
    KeySet,
)
from ecommerce.entrypoints.http.operation import PUBLIC, SIGNED_IN, operation
from ecommerce.entrypoints.http.request import HttpRequest

_TAG: Final = "Identity"
_KEYS_KEPT: Final = f"public, max-age={KEYS_KEPT_FOR // timedelta(seconds=1)}"


@get(
    "/v1/me",
    **operation(
        "getMe",
        "Read one's own account",
        description="The account of whoever is signed in.",
        tag=_TAG,
        access=SIGNED_IN,
        returns=UserView,
        response_example=EXAMPLE_USER,
        problems=(InvalidTokenError, SessionEndedError),
        conditional="read",
    ),
)
async def read_me(request: HttpRequest, accounts: Given[IdentityQueries]) -> Answer:
    """Answer with the account."""
    view = await view_of(accounts, signed_in(request).user_id)
    return read_answer(request, view, state=State(view.id, view.version))


@patch(
    "/v1/me",
    **operation(
        "changeMe",
        "Change one's own account",
        description="A JSON merge patch: a field that is absent stays, `null` clears it.",
        tag=_TAG,
        access=SIGNED_IN,
        body=ChangeProfileBody,
        body_media_type="application/merge-patch+json",
        returns=UserView,
        request_examples={
            "a new name": {"full_name": "Ada King"},
            "no name": {"full_name": None},
        },
        response_example={**EXAMPLE_USER, "full_name": "Ada King", "version": 2},
        problems=(InvalidTokenError, SessionEndedError, InvalidFullNameError),
        conditional="write",
    ),
)
async def change_me(
    request: HttpRequest,
    change_profile: Given[ChangeProfileHandler],
    accounts: Given[IdentityQueries],
    writing: Given[Writing],
) -> Answer:
    """Answer with the account as it is then."""
    body = await read_body(request, ChangeProfileBody)
    actor = signed_in(request)
    command = ChangeProfile(
        actor=actor,
        full_name=UNSET if body.full_name is msgspec.UNSET else body.full_name,
        expected_version=expected_version(request, actor.user_id),
    )

    async def work() -> Answer:
        await change_profile(command)
        view = await view_of(accounts, actor.user_id)
        return resource_answer(view, state=State(view.id, view.version))

    return await writing(request, work)


@delete(
    "/v1/me",
    status_code=200,
    **operation(
        "deleteMe",
        "Delete one's own account",
        description=(
            "Forgets whose account it was: address, name, address book, sessions and tokens go, "
            "and a nameless account stays for the orders that refer to it. The address can be "
            "registered again. The last admin cannot go."
        ),
        tag=_TAG,
        access=SIGNED_IN,
        status=204,
        problems=(InvalidTokenError, SessionEndedError, StaleVersionError, LastAdminError),
        conditional="write",
        step_up=True,
    ),
)
async def delete_me(request: HttpRequest, delete_account: Given[DeleteAccountHandler]) -> Answer:
    """Answer with nothing."""
    actor = signed_in(request)
    await delete_account(
        DeleteAccount(actor=actor, expected_version=expected_version(request, actor.user_id))
    )
    return no_content()


@get(
    "/.well-known/jwks.json",
    **operation(
        "getKeys",
        "The keys that access tokens are signed with",
        description=(
            "A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037): the one that signs, then "
            "those whose tokens are still accepted."
        ),
        tag=_TAG,
        access=PUBLIC,
        returns=KeySet,
        response_headers={"Cache-Control": "For how long the keys may be kept."},
        response_example=EXAMPLE_KEYS,
        conditional="read",
    ),
)
async def read_keys(request: HttpRequest, list_public_keys: Given[ListPublicKeysHandler]) -> Answer:
    """Answer with the set."""
    return read_answer(
        request,
        KeySet(await list_public_keys()),
        headers=(("Cache-Control", _KEYS_KEPT),),
    )
