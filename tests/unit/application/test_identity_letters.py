"""What stands in the letters that owners of accounts get: each as a whole, word for word."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from tests.support.identity import START

from ecommerce.application.identity.letters import Letters
from ecommerce.application.shared.mail import Mail
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.email import Email
from ecommerce.domain.shared.ids import MailId, UserId

TO: Final = Email("Ada@Example.com")
ACCOUNT: Final = UserId(UUID(int=7))
ID: Final = MailId(UUID(int=1))
FIREFOX: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WHEN: Final = "on 2026-01-15 at 09:30 UTC"
NOT_YOU: Final = (
    "If that was not you, somebody else can get into your account: reset your password, and sign"
    " out all that you do not know."
)


class OneId:
    """Gives out the same id, and only at the instant that the letter is written."""

    def new(self, at: datetime) -> UUID:
        assert at == START
        return ID


LETTERS: Final = Letters(ids=OneId(), shop="Teapots & Co", public_url="https://shop.test")


def a_letter(
    kind: str,
    subject: str,
    body: str,
    *,
    useful: timedelta = timedelta(days=3),
    link: str | None = None,
    account: UserId | None = ACCOUNT,
) -> Mail:
    return Mail(
        id=ID,
        kind=kind,
        to="Ada@Example.com",
        subject=f"Teapots & Co: {subject}",
        body=body,
        created_at=START,
        expires_at=START + useful,
        link=link,
        account=account,
    )


def test_the_letter_that_asks_whose_address_it_is() -> None:
    link = "https://shop.test/verify-email#token=secret"
    assert LETTERS.verify_email(TO, ACCOUNT, "secret", START) == a_letter(
        "verify_email",
        "Is this your address?",
        "An account was opened with this address at Teapots & Co. Is it yours? Confirm it:\n\n"
        f"{link}\n\n"
        "The link works once, for 24 hours. If you did not open an account, do nothing.\n",
        useful=timedelta(hours=24),
        link=link,
    )


def test_the_letter_that_lets_set_a_new_password() -> None:
    link = "https://shop.test/reset-password#token=secret"
    assert LETTERS.reset_password(TO, ACCOUNT, "secret", START) == a_letter(
        "reset_password",
        "Your new password",
        "Somebody, probably you, asked for a new password at Teapots & Co. Set it here:\n\n"
        f"{link}\n\n"
        "The link works once, for 30 minutes. If you did not ask for it, do nothing.\n",
        useful=timedelta(minutes=30),
        link=link,
    )


NOTICES: Final = (
    (
        LETTERS.email_verified,
        "email_verified",
        "Address confirmed",
        f"This address was confirmed for your account at Teapots & Co, {WHEN}.",
    ),
    (
        LETTERS.password_changed,
        "password_changed",
        "Your password was changed",
        (
            f"The password of your account at Teapots & Co was changed, {WHEN}."
            f" Who was signed in elsewhere was signed out. {NOT_YOU}"
        ),
    ),
    (
        LETTERS.session_replayed,
        "session_replayed",
        "A sign-in was ended",
        (
            f"A sign-in to your account at Teapots & Co was ended, {WHEN}, because a token of it"
            " was used twice. A program may have made a mistake, or somebody else has a copy."
            f" {NOT_YOU}"
        ),
    ),
    (
        LETTERS.second_factor_set,
        "second_factor_set",
        "A second factor",
        (
            f"A second factor was set {WHEN}: signing in to your account at Teapots & Co asks for"
            f" a code from now on. {NOT_YOU}"
        ),
    ),
    (
        LETTERS.second_factor_removed,
        "second_factor_removed",
        "No second factor any more",
        (
            "Signing in to your account at Teapots & Co asks for the password alone again,"
            f" {WHEN}. {NOT_YOU}"
        ),
    ),
    (
        LETTERS.recovery_code_used,
        "recovery_code_used",
        "A recovery code was used",
        f"A recovery code of your account at Teapots & Co was used, {WHEN}. {NOT_YOU}",
    ),
    (
        LETTERS.api_key_made,
        "api_key_made",
        "A new API key",
        (
            f"An API key was made with your account at Teapots & Co, {WHEN}. If that was not you,"
            " revoke it, reset your password, and sign out all that you do not know."
        ),
    ),
)


@pytest.mark.parametrize(
    ("write", "kind", "subject", "said"), NOTICES, ids=[kind for _, kind, _, _ in NOTICES]
)
def test_a_notice_says_what_happened_and_when_and_what_to_do(
    write: Callable[[Email, UserId, datetime], Mail], kind: str, subject: str, said: str
) -> None:
    assert write(TO, ACCOUNT, START) == a_letter(kind, subject, f"{said}\n")


def test_a_new_sign_in_is_told_with_its_client_and_its_address() -> None:
    client = Client(FIREFOX, "203.0.113.7")
    assert LETTERS.new_sign_in(TO, ACCOUNT, client, START) == a_letter(
        "new_sign_in",
        "A new sign-in",
        "Somebody signed in to your account at Teapots & Co with Firefox on Linux from"
        f" 203.0.113.7, {WHEN}. {NOT_YOU}\n",
    )


def test_the_goodbye_belongs_to_no_account_any_more() -> None:
    assert LETTERS.account_deleted(TO, START) == a_letter(
        "account_deleted",
        "Your account was deleted",
        "Your account at Teapots & Co was deleted, on 2026-01-15 at 09:30 UTC, as it was asked for"
        " by somebody who was signed in to it. Orders are kept, as the law has it, without it.\n",
        account=None,
    )
