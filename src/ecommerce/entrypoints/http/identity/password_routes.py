"""Passwords that are forgotten, reset and changed."""

from typing import Final

from litestar import post, put

from ecommerce.application.identity.ask_password_reset import (
    AskPasswordReset,
    AskPasswordResetHandler,
)
from ecommerce.application.identity.change_password import ChangePassword, ChangePasswordHandler
from ecommerce.application.identity.ports import HashingBusyError
from ecommerce.application.identity.reset_password import ResetPassword, ResetPasswordHandler
from ecommerce.domain.identity.errors import (
    InvalidTokenError,
    SessionEndedError,
    TooManyAttemptsError,
    UnusableTokenError,
    WeakPasswordError,
    WrongPasswordError,
)
from ecommerce.entrypoints.http.answers import Answer, accepted, no_content
from ecommerce.entrypoints.http.auth import session_of
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.identity.devices import device_of, remembered
from ecommerce.entrypoints.http.identity.schemas import (
    EXAMPLE_MAILED_TOKEN,
    TAG,
    ChangePasswordBody,
    ForgotPasswordBody,
    ResetPasswordBody,
)
from ecommerce.entrypoints.http.operation import PUBLIC, SIGNED_IN, operation
from ecommerce.entrypoints.http.request import HttpRequest


@post(
    "/v1/auth/password/forgot",
    **operation(
        "forgotPassword",
        "Have a password reset by mail",
        description=(
            "Whoever has an account with this address gets a mail with a token, good once, for 30 "
            "minutes. The next is mailed two minutes later at the earliest, and none while three "
            "are good; tokens of earlier mails stay good. The answer is the same for every "
            "address, and so is the time it takes."
        ),
        tag=TAG,
        access=PUBLIC,
        pace="mail",
        status=202,
        body=ForgotPasswordBody,
        request_examples={"any address": {"email": "ada@example.com"}},
    ),
)
async def forgot_password(
    request: HttpRequest, ask_password_reset: Given[AskPasswordResetHandler]
) -> Answer:
    """Answer with nothing, whoever's address it is."""
    body = await read_body(request, ForgotPasswordBody)
    await ask_password_reset(AskPasswordReset(email=body.email))
    return accepted()


@post(
    "/v1/auth/password/reset",
    **operation(
        "resetPassword",
        "Set a new password",
        description=(
            "Takes the token of any of the mails that are not older than 30 minutes; with it all "
            "others are used. Ends every session of the account and revokes its API keys. An "
            "address that was not verified is then, and a second factor set up before goes. A "
            "password that will not do leaves the token as it is."
        ),
        tag=TAG,
        access=PUBLIC,
        pace="sign_in",
        status=204,
        body=ResetPasswordBody,
        request_examples={
            "the newest": {"token": EXAMPLE_MAILED_TOKEN, "password": "the engine weaves patterns"}
        },
        response_headers={
            "Set-Cookie": "Knows the device again: others' failures do not hinder it then."
        },
        problems=(UnusableTokenError, WeakPasswordError, HashingBusyError),
    ),
)
async def set_password(request: HttpRequest, reset_password: Given[ResetPasswordHandler]) -> Answer:
    """Answer with nothing; signing in is another request, which no attack hinders from here."""
    body = await read_body(request, ResetPasswordBody)
    marks = await reset_password(
        ResetPassword(token=body.token, password=body.password, device=device_of(request))
    )
    return no_content(remembered(request, marks))


@put(
    "/v1/me/password",
    **operation(
        "changePassword",
        "Change one's password",
        description=(
            "Ends every other session of the account; the owner gets a mail about it. After a few "
            "wrong ones the next has to wait, a little longer each time."
        ),
        tag=TAG,
        access=SIGNED_IN,
        pace="sign_in",
        status=204,
        body=ChangePasswordBody,
        sets_up_second_factor=True,
        request_examples={
            "another": {
                "current_password": "notes on the engine",
                "new_password": "the engine weaves patterns",
            }
        },
        response_headers={
            "Set-Cookie": "Knows the device again, as cookies of the old password no longer do."
        },
        problems=(
            InvalidTokenError,
            SessionEndedError,
            WrongPasswordError,
            WeakPasswordError,
            TooManyAttemptsError,
            HashingBusyError,
        ),
    ),
)
async def replace_password(
    request: HttpRequest, change_password: Given[ChangePasswordHandler]
) -> Answer:
    """Answer with nothing; the device is known by the new password from now on."""
    body = await read_body(request, ChangePasswordBody)
    user_id, session_id = session_of(request)
    marks = await change_password(
        ChangePassword(
            user_id=user_id,
            session_id=session_id,
            current_password=body.current_password,
            new_password=body.new_password,
            device=device_of(request),
        )
    )
    return no_content(remembered(request, marks))


ROUTES: Final = (forgot_password, set_password, replace_password)
