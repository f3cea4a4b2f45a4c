"""The second factor, and proving again who one is."""

from typing import Final

from litestar import delete, get, post

from ecommerce.application.identity.ports import HashingBusyError
from ecommerce.application.identity.queries import IdentityQueries, SecondFactorView
from ecommerce.application.identity.second_factor.begin import (
    BeginSecondFactor,
    BeginSecondFactorHandler,
)
from ecommerce.application.identity.second_factor.confirm import (
    ConfirmSecondFactor,
    ConfirmSecondFactorHandler,
)
from ecommerce.application.identity.second_factor.login import (
    LoginWithSecondFactor,
    LoginWithSecondFactorHandler,
)
from ecommerce.application.identity.second_factor.remove import (
    RemoveSecondFactor,
    RemoveSecondFactorHandler,
)
from ecommerce.application.identity.second_factor.renew_recovery_codes import (
    RenewRecoveryCodes,
    RenewRecoveryCodesHandler,
)
from ecommerce.application.identity.step_up import StepUp, StepUpHandler
from ecommerce.domain.identity import access_errors as e
from ecommerce.entrypoints.http.answers import Answer, json_answer, no_content, read_answer
from ecommerce.entrypoints.http.auth import session_of, signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.body import read_body
from ecommerce.entrypoints.http.identity.auth_routes import client_of, tokens_answer
from ecommerce.entrypoints.http.identity.devices import device_of, remembered
from ecommerce.entrypoints.http.identity.schemas import EXAMPLE_TOKENS, Tokens
from ecommerce.entrypoints.http.identity.second_factor_schemas import (
    EXAMPLE_CHALLENGE,
    EXAMPLE_RECOVERY,
    EXAMPLE_SECRET,
    ConfirmSecondFactorBody,
    NewSecondFactor,
    RecoveryCodeList,
    SecondStepBody,
    StepUpBody,
)
from ecommerce.entrypoints.http.operation import PUBLIC, SIGNED_IN, operation
from ecommerce.entrypoints.http.request import HttpRequest

_TAG: Final = "Access"
_NO_STORE: Final = (("Cache-Control", "no-store"),)


@post(
    "/v1/auth/login/second-factor",
    **operation(
        "loginSecondFactor",
        "Sign in, the second step",
        description=(
            "Where an account has a second factor, `POST /v1/auth/login` answers a right password "
            "with 401 `second_factor_required` and a `challenge_token`. Send that here with a "
            "code; the answer is that of a sign-in. A challenge takes five codes in five minutes, "
            "and each code is good once."
        ),
        tag=_TAG,
        access=PUBLIC,
        pace="sign_in",
        body=SecondStepBody,
        returns=Tokens,
        request_examples={
            "a code": {"challenge_token": EXAMPLE_CHALLENGE, "code": "492039"},
            "a recovery code": {
                "challenge_token": EXAMPLE_CHALLENGE,
                "code": "q4zt-m6ow-2hcx-7kfa-5dun-y3be",
            },
        },
        response_example=EXAMPLE_TOKENS,
        response_headers={
            "Set-Cookie": "Knows the device again: others' failures do not hinder it then."
        },
        problems=(
            e.ChallengeEndedError,
            e.WrongSecondFactorCodeError,
            e.SecondFactorPausedError,
            e.SecondFactorUnreadableError,
        ),
    ),
)
async def login_second_step(
    request: HttpRequest, login_with_second_factor: Given[LoginWithSecondFactorHandler]
) -> Answer:
    """Answer with tokens; the device is known from now on."""
    body = await read_body(request, SecondStepBody)
    signed_in = await login_with_second_factor(
        LoginWithSecondFactor(
            challenge_token=body.challenge_token,
            code=body.code,
            client=client_of(request),
            device=device_of(request),
        )
    )
    return tokens_answer(signed_in, remembered(request, signed_in.device_marks))


@post(
    "/v1/auth/step-up",
    **operation(
        "stepUp",
        "Prove again who one is",
        description=(
            "What is dangerous in the wrong hands asks for a proof that is a few minutes old at "
            "most (403 `step_up_required`); signing in is one. Send a code where there is a second "
            "factor, the password elsewhere; the session's tokens stay as they are. The other one "
            "alone is not looked at: the answer is 403 `step_up_refused`, its `errors` point at "
            "the one that is wanted, and nothing is counted. With a code, a password need not be "
            "sent; one that is sent has to be right. Five wrong proofs in a row end the session."
        ),
        tag=_TAG,
        access=SIGNED_IN,
        pace="sign_in",
        status=204,
        body=StepUpBody,
        request_examples={
            "the password": {"password": "notes on the engine"},
            "a code": {"code": "492039"},
        },
        problems=(
            e.StepUpRefusedError,
            e.SecondFactorPausedError,
            e.SecondFactorUnreadableError,
            HashingBusyError,
        ),
        sets_up_second_factor=True,
    ),
)
async def step_up_session(request: HttpRequest, step_up: Given[StepUpHandler]) -> Answer:
    """Answer with nothing."""
    body = await read_body(request, StepUpBody)
    user_id, session_id = session_of(request)
    await step_up(
        StepUp(user_id=user_id, session_id=session_id, password=body.password, code=body.code)
    )
    return no_content()


@get(
    "/v1/me/second-factor",
    **operation(
        "getSecondFactor",
        "Read one's second factor",
        description="Whether signing in asks for it, and how many recovery codes are left.",
        tag=_TAG,
        access=SIGNED_IN,
        returns=SecondFactorView,
        response_example={
            "enabled": True,
            "confirmed_at": "2026-01-15T09:30:00Z",
            "recovery_codes_left": 10,
        },
        problems=(e.SecondFactorNotFoundError,),
        conditional="read",
        sets_up_second_factor=True,
    ),
)
async def read_second_factor_of_mine(
    request: HttpRequest, accounts: Given[IdentityQueries]
) -> Answer:
    """Answer without the secret."""
    view = await accounts.second_factor(session_of(request)[0])
    if view is None:
        raise e.SecondFactorNotFoundError("The account has no second factor.")
    return read_answer(request, view)


@post(
    "/v1/me/second-factor",
    status_code=200,
    **operation(
        "beginSecondFactor",
        "Begin with a second factor",
        description=(
            "Makes a secret for an authenticator (TOTP, RFC 6238: SHA-1, six digits, 30 seconds). "
            "It counts for nothing until it is confirmed; beginning again replaces it."
        ),
        tag=_TAG,
        access=SIGNED_IN,
        returns=NewSecondFactor,
        response_example={
            "secret": EXAMPLE_SECRET,
            "otpauth_uri": "otpauth://totp/ecommerce:ada%40example.com?digits=6&secret="
            f"{EXAMPLE_SECRET}&algorithm=SHA1&issuer=ecommerce&period=30",
        },
        problems=(e.SecondFactorExistsError,),
        step_up=True,
        sets_up_second_factor=True,
    ),
)
async def begin_second_factor_of_mine(
    request: HttpRequest, begin_second_factor: Given[BeginSecondFactorHandler]
) -> Answer:
    """Answer with the secret, this once."""
    begun = await begin_second_factor(BeginSecondFactor(actor=signed_in(request)))
    return json_answer(NewSecondFactor(begun.secret, begun.address), headers=_NO_STORE)


@post(
    "/v1/me/second-factor/confirm",
    status_code=200,
    **operation(
        "confirmSecondFactor",
        "Confirm a second factor",
        description="With a code that the authenticator shows. From then on signing in asks for "
        "one, and other sessions prove anew, with a code, who they are before they do what is "
        "dangerous. The answer has ten recovery codes, each good once, for when the authenticator "
        "is lost.",
        tag=_TAG,
        access=SIGNED_IN,
        body=ConfirmSecondFactorBody,
        returns=RecoveryCodeList,
        request_examples={"a code": {"code": "492039"}},
        response_example=EXAMPLE_RECOVERY,
        problems=(
            e.SecondFactorNotFoundError,
            e.SecondFactorExistsError,
            e.InvalidSecondFactorCodeError,
            e.SecondFactorUnreadableError,
        ),
        sets_up_second_factor=True,
    ),
)
async def confirm_second_factor_of_mine(
    request: HttpRequest, confirm_second_factor: Given[ConfirmSecondFactorHandler]
) -> Answer:
    """Answer with the recovery codes, this once."""
    body = await read_body(request, ConfirmSecondFactorBody)
    codes = await confirm_second_factor(
        ConfirmSecondFactor(actor=signed_in(request), code=body.code)
    )
    return json_answer(RecoveryCodeList(codes), headers=_NO_STORE)


@post(
    "/v1/me/second-factor/recovery-codes",
    status_code=200,
    **operation(
        "renewRecoveryCodes",
        "Have other recovery codes",
        description="Ten again; those from before are worth nothing then. The owner gets a mail "
        "about it.",
        tag=_TAG,
        access=SIGNED_IN,
        returns=RecoveryCodeList,
        response_example=EXAMPLE_RECOVERY,
        problems=(e.SecondFactorNotFoundError,),
        step_up=True,
    ),
)
async def renew_recovery_codes_of_mine(
    request: HttpRequest, renew_recovery_codes: Given[RenewRecoveryCodesHandler]
) -> Answer:
    """Answer with the codes, this once."""
    codes = await renew_recovery_codes(RenewRecoveryCodes(actor=signed_in(request)))
    return json_answer(RecoveryCodeList(codes), headers=_NO_STORE)


@delete(
    "/v1/me/second-factor",
    status_code=200,
    **operation(
        "removeSecondFactor",
        "Do without the second factor",
        description="Signing in asks for the password alone then. Where the shop wants a second "
        "factor of those who work in it, nothing is open to them until they set up another.",
        tag=_TAG,
        access=SIGNED_IN,
        status=204,
        problems=(e.SecondFactorNotFoundError,),
        step_up=True,
    ),
)
async def remove_second_factor_of_mine(
    request: HttpRequest, remove_second_factor: Given[RemoveSecondFactorHandler]
) -> Answer:
    """Forget it."""
    await remove_second_factor(RemoveSecondFactor(actor=signed_in(request)))
    return no_content()
