"""What the identity use cases need of the world."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.identity.belongings import (
    Addresses,
    KnownClients,
    MailedTokens,
    ResetRequests,
)
from ecommerce.application.shared.audit import AuditedTransaction
from ecommerce.application.shared.mail import MailTransaction
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.session import EndReason, RefreshToken, Session
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.domain.shared.ids import SessionId, UserId


class HashingBusyError(UnavailableError):
    """More people are signing in or registering at this moment than the shop can check passwords
    for. Send the same request again after the time in Retry-After.
    """

    code = "hashing_busy"
    title = "Too many are signing in at once"


class Users(Protocol):
    """The accounts. What is loaded is locked until the transaction ends; users before sessions.

    An account that was deleted is not found any more.
    """

    async def add(self, user: User) -> None:
        """Add an account; ``EmailTakenError`` when another has an address with the same key, at the
        latest when the transaction's block ends.
        """
        ...

    async def by_id(self, user_id: UserId) -> User | None:
        """Load an account by its id."""
        ...

    async def by_email(self, email: Email) -> User | None:
        """Load an account by its address, compared by key."""
        ...

    async def in_session(self, user_id: UserId, session_id: SessionId) -> User | None:
        """Load an account together with a session of its own, both locked; ``None`` where the
        account is disabled or the session was ended.
        """
        ...

    async def with_admins(self, user_ids: AbstractSet[UserId]) -> Mapping[UserId, User]:
        """Load these accounts, as far as there are any, and all admins who can sign in: each of
        them locked, in the order of ids.

        Asked before any account is loaded: of several that ask at once, each waits for the one
        before it to end and then sees whom that one left.
        """
        ...

    async def save(self, user: User) -> None:
        """Keep the changes to a loaded account."""
        ...


class Sessions(Protocol):
    """The sign-ins with their refresh tokens. What is loaded is locked until the end: a session
    before any token of it.
    """

    async def add(self, session: Session, token: RefreshToken) -> None:
        """Add a session with its first refresh token."""
        ...

    async def by_token(self, token_hash: bytes) -> tuple[Session, RefreshToken] | None:
        """Load the session that a refresh token belongs to, and the token, used or not.

        Of several that ask for the same token at once, each waits for the one before it to end and
        then sees what that one left.
        """
        ...

    async def by_id(self, session_id: SessionId) -> Session | None:
        """Load a session, over or not."""
        ...

    async def proved(self, session: Session) -> None:
        """Keep what a loaded session knows of proofs, and whether they ended it."""
        ...

    async def rotated(self, session: Session, used: RefreshToken, issued: RefreshToken) -> None:
        """Keep a session whose refresh token was replaced."""
        ...

    async def ended(self, session: Session) -> None:
        """Keep a session that was ended."""
        ...

    async def end_all(
        self,
        user_id: UserId,
        reason: EndReason,
        now: datetime,
        *,
        but: SessionId | None = None,
    ) -> None:
        """End every session of an account that has not ended, but for one."""
        ...

    async def forget_proofs(self, user_id: UserId, *, but: SessionId) -> None:
        """Have every session of an account prove anew who its owner is, but for one."""
        ...

    async def forget_all(self, user_id: UserId) -> None:
        """Remove every session of an account with its tokens, as if there had been none."""
        ...


class IdentityTransaction(MailTransaction, AuditedTransaction, Protocol):
    """A transaction over accounts, their sessions, tokens, addresses and mail."""

    @property
    def users(self) -> Users:
        """The accounts."""
        ...

    @property
    def sessions(self) -> Sessions:
        """The sign-ins."""
        ...

    @property
    def mailed_tokens(self) -> MailedTokens:
        """The tokens that went out by mail."""
        ...

    @property
    def reset_requests(self) -> ResetRequests:
        """The passwords that somebody asked to be reset."""
        ...

    @property
    def known_clients(self) -> KnownClients:
        """The clients that were seen before."""
        ...

    @property
    def addresses(self) -> Addresses:
        """The address books."""
        ...


class PasswordHasher(Protocol):
    """Hashes passwords, slowly on purpose, without holding up other requests.

    A password is hashed as ``composed`` has it, so that it is the same from every keyboard. Both
    methods raise ``HashingBusyError`` at once when too many are waiting already.
    """

    async def hash(self, password: str) -> str:
        """Make a salted hash, with its parameters in it."""
        ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is the one that was hashed; without a hash it is not, and finding
        that out takes as long.
        """
        ...

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than are used now."""
        ...


class MailHosts(Protocol):
    """The hosts that mail can be addressed to."""

    def in_ascii(self, host: str) -> str | None:
        """The host as mail servers know it (IDNA 2008, RFC 5891), or ``None`` where it has no such
        form. It is mapped to no other host: only case makes no difference.
        """
        ...


class CommonPasswords(Protocol):
    """The passwords that everybody tries first."""

    def contain(self, folded: str) -> bool:
        """Whether a password, composed and case folded, is one of them."""
        ...


class BreachedPasswords(Protocol):
    """The passwords that are known to have been somebody's."""

    async def contain(self, password: str) -> bool:
        """Whether a password is one of them, composed; holds up no other request."""
        ...


@dataclass(frozen=True, slots=True)
class IssuedAccessToken:
    """An access token, and for how many seconds it is good."""

    token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says: whose it is, and of which session."""

    user_id: UserId
    session_id: SessionId


class AccessTokens(Protocol):
    """Signed, short-lived tokens. No method does I/O."""

    def issue(self, user_id: UserId, session_id: SessionId, now: datetime) -> IssuedAccessToken:
        """Sign a token for a session."""
        ...

    def verify(self, token: str, now: datetime) -> AccessClaims:
        """Read a token; ``InvalidTokenError`` unless it is ours, unaltered and not expired."""
        ...


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that access tokens can be checked with: a JSON Web Key (RFC 7517, RFC 8037)."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class PublicKeys(Protocol):
    """The keys that access tokens are checked with."""

    def public_keys(self, now: datetime) -> tuple[PublicKey, ...]:
        """List those that are accepted now, the one that signs first."""
        ...


class TokenSecrets(Protocol):
    """Opaque tokens, which the shop knows only by their hash."""

    def new(self) -> str:
        """Make an unguessable token."""
        ...

    def hash(self, token: str) -> bytes:
        """Hash any text that came as a token; the same text always gives the same hash."""
        ...
