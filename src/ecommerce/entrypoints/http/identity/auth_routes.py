"""Signing up, in and out."""

from typing import Final

from litestar import post

from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.login import Login, LoginHandler
from ecommerce.application.identity.logout import Logout, LogoutHandler
from ecommerce.application.identity.ports import HashingBusyError
from ecommerce.application.identity.queries import IdentityQueries, UserView
from ecommerce.application.identity.refresh_session import RefreshSession, RefreshSessionHandler
from ecommerce.application.identity.register import Register, RegisterHandler
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.application.shared.origin import origin
from ecommerce.domain.identity.access_errors import SecondFactorRequiredError
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.errors import (
    EmailTakenError,
    InvalidCredentialsError,
    InvalidEmailError,
    InvalidFullNameError,
    InvalidTokenError,
    SessionEndedError,
    TokenReplayedError,
    TooManyAttemptsError,
    WeakPasswordError,
)
from ecommerce.entrypoints.http.answers import (
    Answer,
    Headers,
    created_answer,
    json_answer,
    no_content,
)
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.etag import State
from ecommerce.entrypoints.http.idempotency import Writing
from ecommerce.entrypoints.http.identity.devices import device_of, remembered
from ecommerce.entrypoints.http.identity.reading import view_of
from ecommerce.entrypoints.http.identity.schemas import (
    EXAMPLE_TOKENS,
    EXAMPLE_USER,
    LoginBody,
    LogoutBody,
    RefreshBody,
    RegisterBody,
    Tokens,
)
from ecommerce.entrypoints.http.operation import PUBLIC, operation
from ecommerce.entrypoints.http.request import HttpRequest, header

_TAG: Final = "Identity"
_NO_STORE: Final = (("Cache-Control", "no-store"),)


@post(
    "/v1/auth/register",
    **operation(
        "register",
        "Open an account",
        description=(
            "Opens a customer's account; sign in to it next. An address has one account, whatever "
            "its upper and lower case. The password is kept as an Argon2id hash only."
        ),
        tag=_TAG,
        access=PUBLIC,
        pace="register",
        status=201,
        body=RegisterBody,
        returns=UserView,
        response_headers={"Location": "Where the account is, once signed in: `/v1/me`."},
        request_examples={
            "with a name": {
                "email": "ada@example.com",
                "password": "notes on the engine",
                "full_name": "Ada Lovelace",
            },
            "without": {"email": "ada@example.com", "password": "notes on the engine"},
        },
        response_example=EXAMPLE_USER,
        problems=(
            EmailTakenError,
            InvalidEmailError,
            InvalidFullNameError,
            WeakPasswordError,
            HashingBusyError,
        ),
        idempotency="honoured",
    ),
)
async def register_account(
    request: HttpRequest,
    choose_password: Given[ChoosePasswordHandler],
    register: Given[RegisterHandler],
    accounts: Given[IdentityQueries],
    writing: Given[Writing],
) -> Answer:
    """Hash first: whoever waits for that holds no transaction."""
    body = await read_body(request, RegisterBody)
    password = await choose_password(body.password, email=body.email, full_name=body.full_name)

    async def work() -> Answer:
        user_id = await register(
            Register(email=body.email, password=password, full_name=body.full_name)
        )
        view = await view_of(accounts, user_id)
        return created_answer(view, state=State(view.id, view.version), at="/v1/me")

    return await writing(request, work)


@post(
    "/v1/auth/login",
    **operation(
        "login",
        "Sign in",
        description=(
            "Starts a session. Send the access token as `Authorization: Bearer ...` until it "
            "expires, and get the next with the refresh token. The answer to an unknown address, a "
            "wrong password and a disabled account is the same, and takes as long. After a few "
            "failures the next has to wait, a little longer each time. Where the account has a "
            "second factor, a right password is answered with 401 `second_factor_required` and a "
            "`challenge_token` for `POST /v1/auth/login/second-factor`. The owner gets a mail "
            "about a client that was not seen before."
        ),
        tag=_TAG,
        access=PUBLIC,
        pace="sign_in",
        body=LoginBody,
        returns=Tokens,
        request_examples={
            "a customer": {"email": "ada@example.com", "password": "notes on the engine"}
        },
        response_example=EXAMPLE_TOKENS,
        response_headers={
            "Set-Cookie": "Knows the device again: others' failures do not hinder it then."
        },
        problems=(
            InvalidCredentialsError,
            SecondFactorRequiredError,
            TooManyAttemptsError,
            HashingBusyError,
        ),
    ),
)
async def login_account(request: HttpRequest, login: Given[LoginHandler]) -> Answer:
    """Answer with tokens."""
    body = await read_body(request, LoginBody)
    signed_in = await login(
        Login(
            email=body.email,
            password=body.password,
            client=client_of(request),
            device=device_of(request),
        )
    )
    return tokens_answer(signed_in, remembered(request, signed_in.device_marks))


@post(
    "/v1/auth/refresh",
    **operation(
        "refresh",
        "Stay signed in",
        description=(
            "Trades a refresh token for new tokens. Each is good once: one that comes twice ends "
            "its whole session, because nobody can tell a thief from the owner. So send one "
            "refresh at a time, and keep only the newest token. A session ends some time however "
            "often it is refreshed (after 90 days unless the shop says otherwise): "
            "`refresh_expires_in` tells."
        ),
        tag=_TAG,
        access=PUBLIC,
        pace="tokens",
        body=RefreshBody,
        returns=Tokens,
        request_examples={"the newest": {"refresh_token": EXAMPLE_TOKENS["refresh_token"]}},
        response_example=EXAMPLE_TOKENS,
        problems=(InvalidTokenError, TokenReplayedError, SessionEndedError),
    ),
)
async def refresh_tokens(
    request: HttpRequest, refresh_session: Given[RefreshSessionHandler]
) -> Answer:
    """Answer with tokens."""
    body = await read_body(request, RefreshBody)
    return tokens_answer(await refresh_session(RefreshSession(refresh_token=body.refresh_token)))


@post(
    "/v1/auth/logout",
    **operation(
        "logout",
        "Sign out",
        description=(
            "Ends the session that a refresh token belongs to: its access tokens stop working at "
            "once. A token that is not known, used or expired is no error."
        ),
        tag=_TAG,
        access=PUBLIC,
        pace="tokens",
        status=204,
        body=LogoutBody,
        request_examples={"the newest": {"refresh_token": EXAMPLE_TOKENS["refresh_token"]}},
    ),
)
async def end_session(request: HttpRequest, logout: Given[LogoutHandler]) -> Answer:
    """Answer with nothing."""
    body = await read_body(request, LogoutBody)
    await logout(Logout(refresh_token=body.refresh_token))
    return no_content()


def client_of(request: HttpRequest) -> Client:
    """The program and the address that somebody signs in with."""
    return Client(header(request, b"user-agent"), origin().client)


def tokens_answer(made: SignedIn, headers: Headers = ()) -> Answer:
    """A sign-in as an answer."""
    return json_answer(
        Tokens(
            access_token=made.access_token,
            token_type="Bearer",  # noqa: S106 - a scheme, not a secret
            expires_in=made.expires_in,
            refresh_token=made.refresh_token,
            refresh_expires_in=made.refresh_expires_in,
        ),
        headers=(*_NO_STORE, *headers),
    )
