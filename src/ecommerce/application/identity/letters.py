"""What the shop writes to the owners of accounts.

No letter has anything in it that somebody else could have chosen, such as the account's name: an
account can be opened with anybody's address, and the shop would deliver what is written there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ecommerce.application.shared.clock import Ids
from ecommerce.application.shared.mail import Mail
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import LIFETIMES, TokenPurpose
from ecommerce.domain.shared.ids import MailId, UserId

_NOTICE_USEFUL: Final = timedelta(days=3)
_NOT_YOU: Final = (
    "If that was not you, somebody else can get into your account: reset your password, and sign"
    " out all that you do not know."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Writes letters in the shop's name; links lead to pages of the shop at its public address.

    Tokens stand behind the ``#`` of a link: what comes after it is sent to no server and stands in
    no log of one.
    """

    ids: Ids
    shop: str
    public_url: str

    def verify_email(self, email: Email, account: UserId, token: str, now: datetime) -> Mail:
        """Ask the owner of an address to show that they read its mail."""
        link = f"{self.public_url}/verify-email#token={token}"
        return self._letter(
            "verify_email",
            email,
            account,
            "Is this your address?",
            (
                f"An account was opened with this address at {self.shop}. Is it yours? Confirm it:",
                link,
                "The link works once, for 24 hours. If you did not open an account, do nothing.",
            ),
            now,
            now + LIFETIMES[TokenPurpose.VERIFY_EMAIL],
            link=link,
        )

    def reset_password(self, email: Email, account: UserId, token: str, now: datetime) -> Mail:
        """Let the owner of an address set a new password."""
        link = f"{self.public_url}/reset-password#token={token}"
        return self._letter(
            "reset_password",
            email,
            account,
            "Your new password",
            (
                f"Somebody, probably you, asked for a new password at {self.shop}. Set it here:",
                link,
                "The link works once, for 30 minutes. If you did not ask for it, do nothing.",
            ),
            now,
            now + LIFETIMES[TokenPurpose.RESET_PASSWORD],
            link=link,
        )

    def email_verified(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that the address was confirmed."""
        said = f"This address was confirmed for your account at {self.shop}, {_at(now)}."
        return self._notice("email_verified", email, account, "Address confirmed", said, now)

    def password_changed(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that the password is another one."""
        said = (
            f"The password of your account at {self.shop} was changed, {_at(now)}."
            f" Who was signed in elsewhere was signed out. {_NOT_YOU}"
        )
        return self._notice(
            "password_changed", email, account, "Your password was changed", said, now
        )

    def new_sign_in(self, email: Email, account: UserId, client: Client, now: datetime) -> Mail:
        """Tell that somebody signed in with a client that was not seen before."""
        said = (
            f"Somebody signed in to your account at {self.shop} with {client.name} from"
            f" {client.place}, {_at(now)}. {_NOT_YOU}"
        )
        return self._notice("new_sign_in", email, account, "A new sign-in", said, now)

    def session_replayed(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that a session was ended because somebody may have a copy of its token."""
        said = (
            f"A sign-in to your account at {self.shop} was ended, {_at(now)}, because a token of it"
            " was used twice. A program may have made a mistake, or somebody else has a copy."
            f" {_NOT_YOU}"
        )
        return self._notice("session_replayed", email, account, "A sign-in was ended", said, now)

    def second_factor_set(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that signing in asks for a code from now on."""
        said = (
            f"A second factor was set {_at(now)}: signing in to your account at {self.shop} asks"
            f" for a code from now on. {_NOT_YOU}"
        )
        return self._notice("second_factor_set", email, account, "A second factor", said, now)

    def second_factor_removed(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that signing in asks for the password alone again."""
        said = (
            f"Signing in to your account at {self.shop} asks for the password alone again,"
            f" {_at(now)}. {_NOT_YOU}"
        )
        return self._notice(
            "second_factor_removed", email, account, "No second factor any more", said, now
        )

    def recovery_code_used(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that a recovery code was used up."""
        said = f"A recovery code of your account at {self.shop} was used, {_at(now)}. {_NOT_YOU}"
        return self._notice(
            "recovery_code_used", email, account, "A recovery code was used", said, now
        )

    def recovery_codes_renewed(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that there are other recovery codes."""
        said = (
            f"The recovery codes of your account at {self.shop} were replaced by others,"
            f" {_at(now)}. {_NOT_YOU}"
        )
        return self._notice(
            "recovery_codes_renewed", email, account, "Other recovery codes", said, now
        )

    def api_key_made(self, email: Email, account: UserId, now: datetime) -> Mail:
        """Tell that a machine can do from now on what the account may."""
        said = (
            f"An API key was made with your account at {self.shop}, {_at(now)}. If that was not"
            " you, revoke it, reset your password, and sign out all that you do not know."
        )
        return self._notice("api_key_made", email, account, "A new API key", said, now)

    def account_deleted(self, email: Email, now: datetime) -> Mail:
        """Tell that the account is gone; there is nobody any more whose letter this is."""
        said = (
            f"Your account at {self.shop} was deleted, {_at(now)}, as it was asked for by somebody"
            " who was signed in to it. Orders are kept, as the law has it, without it."
        )
        return self._notice("account_deleted", email, None, "Your account was deleted", said, now)

    def _notice(
        self,
        kind: str,
        email: Email,
        account: UserId | None,
        subject: str,
        said: str,
        now: datetime,
    ) -> Mail:
        return self._letter(kind, email, account, subject, (said,), now, now + _NOTICE_USEFUL)

    def _letter(
        self,
        kind: str,
        email: Email,
        account: UserId | None,
        subject: str,
        paragraphs: tuple[str, ...],
        now: datetime,
        expires_at: datetime,
        *,
        link: str | None = None,
    ) -> Mail:
        return Mail(
            id=MailId(self.ids.new(now)),
            kind=kind,
            to=email.value,
            subject=f"{self.shop}: {subject}",
            body="\n\n".join(paragraphs) + "\n",
            created_at=now,
            expires_at=expires_at,
            link=link,
            account=account,
        )


def _at(now: datetime) -> str:
    return f"on {now:%Y-%m-%d} at {now:%H:%M} UTC"
