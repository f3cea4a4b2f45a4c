"""Confirming one's address."""

from typing import Final

from litestar import post

from ecommerce.application.identity.resend_verification import (
    ResendVerification,
    ResendVerificationHandler,
)
from ecommerce.application.identity.verify_email import VerifyEmail, VerifyEmailHandler
from ecommerce.domain.identity.errors import (
    EmailAlreadyVerifiedError,
    InvalidTokenError,
    SessionEndedError,
    UnusableTokenError,
)
from ecommerce.entrypoints.http.answers import Answer, accepted, no_content
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.identity.schemas import EXAMPLE_MAILED_TOKEN, TAG, VerifyEmailBody
from ecommerce.entrypoints.http.operation import PUBLIC, SIGNED_IN, operation
from ecommerce.entrypoints.http.request import HttpRequest


@post(
    "/v1/auth/verify-email",
    **operation(
        "verifyEmail",
        "Confirm an address",
        description=(
            "Takes the token of a mail that went to the address. It is good for 24 hours, and "
            "once: with it all others are used."
        ),
        tag=TAG,
        access=PUBLIC,
        pace="tokens",
        status=204,
        body=VerifyEmailBody,
        request_examples={"the newest": {"token": EXAMPLE_MAILED_TOKEN}},
        problems=(UnusableTokenError, EmailAlreadyVerifiedError),
    ),
)
async def verify_address(request: HttpRequest, verify_email: Given[VerifyEmailHandler]) -> Answer:
    """Answer with nothing."""
    body = await read_body(request, VerifyEmailBody)
    await verify_email(VerifyEmail(token=body.token))
    return no_content()


@post(
    "/v1/auth/verify-email/resend",
    **operation(
        "resendVerification",
        "Have the confirmation mailed again",
        description=(
            "The tokens of earlier mails stay good. When five are, no other is mailed, and the "
            "answer is the same."
        ),
        tag=TAG,
        access=SIGNED_IN,
        pace="mail",
        status=202,
        problems=(InvalidTokenError, SessionEndedError, EmailAlreadyVerifiedError),
    ),
)
async def mail_verification(
    request: HttpRequest, resend_verification: Given[ResendVerificationHandler]
) -> Answer:
    """Answer with nothing; the mail goes out later."""
    await resend_verification(ResendVerification(actor=signed_in(request)))
    return accepted()


ROUTES: Final = (verify_address, mail_verification)
