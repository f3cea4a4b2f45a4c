"""What the second factor needs of the world."""

from datetime import datetime
from typing import Protocol

from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.audit import AuditedTransaction
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.shared.ids import UserId


class SecondFactors(Protocol):
    """The second factors, one for each account at the most."""

    async def of(self, user_id: UserId) -> SecondFactor | None:
        """Load an account's second factor, confirmed or not.

        It is locked until the end: of several that bring the same code at once, each waits for the
        one before it and sees what that one used up. Accounts are locked before.
        """
        ...

    async def put(self, factor: SecondFactor) -> None:
        """Keep it, in the place of the one that the account had."""
        ...

    async def remove(self, factor: SecondFactor) -> None:
        """Forget a loaded one, with its recovery codes."""
        ...


class LoginChallenges(Protocol):
    """The challenges between password and second factor."""

    async def add(self, challenge: LoginChallenge) -> None:
        """Add a challenge."""
        ...

    async def by_token(self, token_hash: bytes) -> LoginChallenge | None:
        """Load a challenge, locked until the end, before its account."""
        ...

    async def attempted(self, challenge: LoginChallenge) -> None:
        """Keep how many codes a loaded challenge has seen."""
        ...

    async def remove(self, challenge: LoginChallenge) -> None:
        """Use a loaded challenge up."""
        ...


class SecondFactorTransaction(IdentityTransaction, AuditedTransaction, Protocol):
    """A transaction over accounts, sessions and second factors."""

    @property
    def second_factors(self) -> SecondFactors:
        """The second factors."""
        ...

    @property
    def login_challenges(self) -> LoginChallenges:
        """The challenges."""
        ...


class OneTimeCodes(Protocol):
    """Codes made of a secret and the time (RFC 6238). No method does I/O."""

    def new_secret(self) -> bytes:
        """Make an unguessable secret."""
        ...

    def written(self, secret: bytes) -> str:
        """A secret as it is typed into an authenticator."""
        ...

    def address(self, secret: bytes, account: str) -> str:
        """A secret as an ``otpauth`` address, which is shown as a QR code."""
        ...

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        """The step of time that a code is of: this one, or one beside it; else ``None``."""
        ...


class RecoveryCodes(Protocol):
    """Codes for when the authenticator is lost. No method does I/O."""

    def new(self) -> str:
        """Make an unguessable one, as it is written down."""
        ...

    def hash(self, code: str) -> bytes:
        """Hash any text that came as a recovery code, however it is spaced and cased."""
        ...


class Sealer(Protocol):
    """Encrypts what the shop has to read again and nobody else may."""

    def seal(self, secret: bytes, owner: UserId) -> bytes:
        """Encrypt it for its owner."""
        ...

    def open(self, sealed: bytes, owner: UserId) -> bytes:
        """Decrypt it; ``SecondFactorUnreadableError`` when it was sealed with another key, for
        somebody else, or was altered.
        """
        ...
