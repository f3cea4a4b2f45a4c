"""Accounts and sign-ins for tests: every use case over either store, at any instant."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import pytest
from tests.conftest import ANALYZER
from tests.support.clocks import SCRIBE

from ecommerce.adapters.mail.hosts import IdnaHosts
from ecommerce.adapters.memory.access_queries import InMemoryAccessQueries, InMemoryApiKeyUses
from ecommerce.adapters.memory.account_queries import InMemoryAccountQueries
from ecommerce.adapters.memory.attempts import InMemoryAttempts
from ecommerce.adapters.memory.identity_queries import InMemoryIdentityQueries
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.postgres.access_keys import PostgresApiKeyUses
from ecommerce.adapters.postgres.access_queries import PostgresAccessQueries
from ecommerce.adapters.postgres.account_queries import PostgresAccountQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.identity_queries import PostgresIdentityQueries
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.security.aes_sealer import AesSealer
from ecommerce.adapters.security.api_key_tokens import ApiKeyTokens
from ecommerce.adapters.security.device_marks import HmacDeviceMarks
from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.one_time_codes import RandomRecoveryCodes, TotpCodes
from ecommerce.adapters.security.secret_tokens import RandomTokens
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.identity.access.change_role import ChangeRoleHandler
from ecommerce.application.identity.access.create_api_key import CreateApiKeyHandler
from ecommerce.application.identity.access.create_role import CreateRoleHandler
from ecommerce.application.identity.access.delete_role import DeleteRoleHandler
from ecommerce.application.identity.access.give_roles import GiveRolesHandler
from ecommerce.application.identity.access.ports import AccessTransaction, ApiKeyUses
from ecommerce.application.identity.access.queries import AccessQueries
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKeyHandler
from ecommerce.application.identity.add_address import AddAddressHandler
from ecommerce.application.identity.answer_reset_request import AnswerResetRequestHandler
from ecommerce.application.identity.ask_password_reset import AskPasswordResetHandler
from ecommerce.application.identity.attempts import Attempts, LimitedAttempts
from ecommerce.application.identity.authenticate import AuthenticateHandler
from ecommerce.application.identity.change_password import ChangePasswordHandler
from ecommerce.application.identity.change_profile import ChangeProfileHandler
from ecommerce.application.identity.change_user import ChangeUserHandler
from ecommerce.application.identity.choose_email import ChooseEmail
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.create_admin import CreateAdminHandler
from ecommerce.application.identity.delete_account import DeleteAccountHandler
from ecommerce.application.identity.doorkeeper import Device, Doorkeeper
from ecommerce.application.identity.end_session import EndSessionHandler
from ecommerce.application.identity.failed_sign_ins import FailedSignIns
from ecommerce.application.identity.known_devices import KnownDevices
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.login import Login, LoginHandler
from ecommerce.application.identity.logout import LogoutHandler
from ecommerce.application.identity.mailed_links import MailedLinks
from ecommerce.application.identity.new_sessions import NewSessions
from ecommerce.application.identity.queries import AccountQueries, IdentityQueries
from ecommerce.application.identity.refresh_session import RefreshSessionHandler
from ecommerce.application.identity.register import Register, RegisterHandler
from ecommerce.application.identity.remove_address import RemoveAddressHandler
from ecommerce.application.identity.replace_address import ReplaceAddressHandler
from ecommerce.application.identity.resend_verification import ResendVerificationHandler
from ecommerce.application.identity.reset_password import ResetPasswordHandler
from ecommerce.application.identity.second_factor.begin import BeginSecondFactorHandler
from ecommerce.application.identity.second_factor.checking import CodeChecks
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactorHandler
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactorHandler
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactorHandler
from ecommerce.application.identity.second_factor.renew_recovery_codes import (
    RenewRecoveryCodesHandler,
)
from ecommerce.application.identity.session_tokens import SessionTokens, SignedIn
from ecommerce.application.identity.step_up import StepUpHandler
from ecommerce.application.identity.verify_email import VerifyEmailHandler
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.paging import PageRequest
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.permissions import permissions_of
from ecommerce.domain.identity.session import Session, SessionLifetime
from ecommerce.domain.shared.ids import SessionId, UserId
from ecommerce.domain.shared.text import composed
from ecommerce.entrypoints.http.access.services import AccessServices
from ecommerce.entrypoints.http.identity.services import IdentityServices

START: Final = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
PASSWORD: Final = "notes on the engine"


@dataclass
class MovableClock:
    """Stands still until it is moved."""

    instant: datetime = START

    def now(self) -> datetime:
        return self.instant

    def move(self, by: timedelta) -> None:
        self.instant += by


@dataclass
class PlainHasher:
    """No hash at all, but it counts how often it is asked, and by which parameters."""

    parameters: str = "v1"
    verified: int = 0

    async def hash(self, password: str) -> str:
        return f"{self.parameters}:{composed(password)}"

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified += 1
        return password_hash is not None and password_hash.partition(":")[2] == composed(password)

    def needs_rehash(self, password_hash: str) -> bool:
        return not password_hash.startswith(f"{self.parameters}:")


class FewCommonPasswords:
    """Knows one."""

    def contain(self, folded: str) -> bool:
        return folded == "password123"


class OneBreachedPassword:
    """Knows one, as it is."""

    async def contain(self, password: str) -> bool:
        return password == "Correct horse battery staple"


class AuthorityTransaction(SecondFactorTransaction, AccessTransaction, Protocol):
    """A transaction on all that accounts may do."""


@dataclass
class Identity:
    """Every identity use case, over whatever stores it is given."""

    transactions: TransactionFactory[AuthorityTransaction]
    queries: IdentityQueries
    belongings: AccountQueries
    access: AccessQueries
    uses: ApiKeyUses
    clock: MovableClock = field(default_factory=MovableClock)
    hasher: PlainHasher = field(default_factory=PlainHasher)
    staff_second_factor: bool = False
    attempts: Attempts = field(default_factory=InMemoryAttempts)

    def __post_init__(self) -> None:
        self.ids = ids = Uuid7Ids()
        self.secrets = RandomTokens()
        self.keys = KeyRing.generate(START)
        self.access_tokens = JwtTokens(self.keys, issuer="shop", audience="shop")
        tokens = SessionTokens(self.access_tokens, self.secrets)
        letters = Letters(ids=ids, shop="Teapots & Co", public_url="https://shop.test")
        links = MailedLinks(self.secrets, letters)
        self.choose_password = ChoosePasswordHandler(
            self.hasher, FewCommonPasswords(), OneBreachedPassword(), "Teapots & Co"
        )
        choose_email = ChooseEmail(IdnaHosts())
        self.register = RegisterHandler(self.transactions, links, choose_email, self.clock, ids)
        self.new_sessions = NewSessions(tokens, letters, ids)
        self.codes = TotpCodes("shop")
        self.sealer = AesSealer(self.keys.derive("second-factor"))
        self.checks = CodeChecks(self.codes, RandomRecoveryCodes(), self.sealer)
        self.failed_sign_ins = FailedSignIns(self.transactions, self.clock)
        self.limited_attempts = LimitedAttempts(self.attempts, self.clock)
        self.known_devices = KnownDevices(HmacDeviceMarks(self.keys), self.queries)
        self.doorkeeper = Doorkeeper(self.limited_attempts, self.known_devices)
        self.login = LoginHandler(
            self.transactions,
            self.queries,
            self.hasher,
            self.new_sessions,
            self.failed_sign_ins,
            self.doorkeeper,
            self.clock,
        )
        self.second_step = LoginWithSecondFactorHandler(
            self.transactions,
            self.new_sessions,
            self.checks,
            letters,
            self.doorkeeper,
            self.clock,
        )
        self.step_up = StepUpHandler(
            self.transactions, self.hasher, self.checks, letters, self.clock
        )
        self.begin_second_factor = BeginSecondFactorHandler(
            self.transactions, self.codes, self.sealer, self.clock
        )
        self.confirm_second_factor = ConfirmSecondFactorHandler(
            self.transactions, self.checks, letters, self.clock
        )
        self.remove_second_factor = RemoveSecondFactorHandler(
            self.transactions, letters, self.clock
        )
        self.renew_recovery_codes = RenewRecoveryCodesHandler(
            self.transactions, self.checks, letters, self.clock
        )
        self.api_key_tokens = ApiKeyTokens()
        self.create_role = CreateRoleHandler(self.transactions, self.clock, ids)
        self.change_role = ChangeRoleHandler(self.transactions, self.clock)
        self.delete_role = DeleteRoleHandler(self.transactions)
        self.give_roles = GiveRolesHandler(self.transactions, self.clock)
        self.create_api_key = CreateApiKeyHandler(
            self.transactions, self.api_key_tokens, letters, self.clock, ids
        )
        self.revoke_api_key = RevokeApiKeyHandler(self.transactions, self.clock)
        self.refresh = RefreshSessionHandler(
            self.transactions, self.queries, tokens, letters, self.clock
        )
        self.verify_email = VerifyEmailHandler(
            self.transactions, self.queries, self.secrets, letters, self.clock
        )
        self.resend_verification = ResendVerificationHandler(self.transactions, links, self.clock)
        self.ask_password_reset = AskPasswordResetHandler(self.transactions, self.clock, ids)
        self.answer_reset_request = AnswerResetRequestHandler(self.transactions, links, self.clock)
        self.reset_password = ResetPasswordHandler(
            self.transactions,
            self.queries,
            self.secrets,
            self.choose_password,
            letters,
            self.doorkeeper,
            self.clock,
        )
        self.change_password = ChangePasswordHandler(
            self.transactions,
            self.queries,
            self.hasher,
            self.choose_password,
            letters,
            self.doorkeeper,
            self.clock,
        )
        self.end_session = EndSessionHandler(self.transactions, self.clock)
        self.delete_account = DeleteAccountHandler(self.transactions, letters, self.clock)
        self.change_user = ChangeUserHandler(self.transactions, self.clock)
        self.add_address = AddAddressHandler(self.transactions, self.clock, ids)
        self.replace_address = ReplaceAddressHandler(self.transactions, self.clock)
        self.remove_address = RemoveAddressHandler(self.transactions)
        self.logout = LogoutHandler(self.transactions, self.secrets, self.clock)
        self.change_profile = ChangeProfileHandler(self.transactions, self.clock)
        self.authenticate = AuthenticateHandler(
            self.access_tokens,
            self.api_key_tokens,
            self.queries,
            self.uses,
            self.clock,
            staff_second_factor=self.staff_second_factor,
        )
        self.create_admin = CreateAdminHandler(
            self.transactions,
            self.queries,
            self.hasher,
            choose_email,
            self.choose_password,
            letters,
            self.clock,
            ids,
        )

    async def acting(self, user_id: UserId) -> Actor:
        """Whoever has the account, signed in, anew where they are not; nobody, where there is no
        such account.
        """
        now = self.clock.now()
        there = (await self.belongings.sessions(user_id, now, PageRequest())).items
        session_id = SessionId(there[-1].id if there else self.ids.new(now))
        if not there and await self.belongings.account(user_id) is not None:
            await self._sign_in_quietly(user_id, session_id, now)
        principal = await self.queries.principal(session_id)
        if principal is None:
            return Actor(user_id, session_id, "customer", frozenset(), proved=True)
        role, given = principal.account.role, principal.account.given
        return Actor(user_id, session_id, role.value, permissions_of(role, given), proved=True)

    async def _sign_in_quietly(self, user_id: UserId, session_id: SessionId, now: datetime) -> None:
        lifetime = SessionLifetime()
        session = Session(
            id=session_id,
            user_id=user_id,
            created_at=now,
            expires_at=lifetime.end(now, now),
            last_used_at=now,
            proved_at=now,
        )
        async with self.transactions() as transaction:
            token = session.issue(session_id.bytes, now, lifetime)
            await transaction.sessions.add(session, token)
            await transaction.commit()

    def services(self) -> IdentityServices:
        """What the HTTP room is given."""
        return IdentityServices(
            accounts=self.queries,
            belongings=self.belongings,
            clock=self.clock,
            choose_password=self.choose_password,
            register=self.register,
            login=self.login,
            refresh_session=self.refresh,
            logout=self.logout,
            change_profile=self.change_profile,
            list_public_keys=ListPublicKeysHandler(self.keys, self.clock),
            verify_email=self.verify_email,
            resend_verification=self.resend_verification,
            ask_password_reset=self.ask_password_reset,
            reset_password=self.reset_password,
            change_password=self.change_password,
            end_session=self.end_session,
            delete_account=self.delete_account,
            change_user=self.change_user,
            add_address=self.add_address,
            replace_address=self.replace_address,
            remove_address=self.remove_address,
            step_up=self.step_up,
            login_with_second_factor=self.second_step,
            begin_second_factor=self.begin_second_factor,
            confirm_second_factor=self.confirm_second_factor,
            remove_second_factor=self.remove_second_factor,
            renew_recovery_codes=self.renew_recovery_codes,
        )

    def access_services(self) -> AccessServices:
        """What the routes of roles and API keys need."""
        return AccessServices(
            access=self.access,
            create_role=self.create_role,
            change_role=self.change_role,
            delete_role=self.delete_role,
            give_roles=self.give_roles,
            create_api_key=self.create_api_key,
            revoke_api_key=self.revoke_api_key,
        )

    async def open_account(
        self, email: str = "ada@example.com", full_name: str | None = None
    ) -> UserId:
        password = await self.choose_password(PASSWORD)
        return await self.register(Register(email=email, password=password, full_name=full_name))

    async def sign_in(
        self, email: str = "ada@example.com", password: str = PASSWORD, *, network: str = "here"
    ) -> SignedIn:
        device = Device(network=network)
        return await self.login(Login(email=email, password=password, device=device))


def identity_in_memory() -> tuple[Identity, MemoryStore]:
    """Every use case over an empty memory store, and the store."""
    store = MemoryStore()
    transactions = InMemoryTransactions(store, SCRIBE)
    return identity_over(transactions, store), store


def identity_over(
    transactions: InMemoryTransactions,
    store: MemoryStore,
    clock: MovableClock | None = None,
    *,
    staff_second_factor: bool = False,
) -> Identity:
    """Every use case over a memory store."""
    return Identity(
        transactions,
        InMemoryIdentityQueries(transactions),
        InMemoryAccountQueries(transactions),
        InMemoryAccessQueries(transactions),
        InMemoryApiKeyUses(store),
        clock or MovableClock(),
        staff_second_factor=staff_second_factor,
    )


def identity_in_postgres(database: Database) -> Identity:
    """Every use case over a PostgreSQL database."""
    return Identity(
        PostgresTransactions(database, "USD", ANALYZER, SCRIBE),
        PostgresIdentityQueries(database),
        PostgresAccountQueries(database),
        PostgresAccessQueries(database),
        PostgresApiKeyUses(database),
    )


def identity_in(store: str, request: pytest.FixtureRequest) -> Identity:
    """Every use case over the store of that name, which is empty."""
    if store == "memory":
        return identity_in_memory()[0]
    return identity_in_postgres(request.getfixturevalue("database"))
