"""Accounts and sign-ins for tests: every use case over either store, at any instant."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from tests.conftest import ANALYZER
from tests.support.clocks import SCRIBE

from ecommerce.adapters.memory.identity_queries import InMemoryIdentityQueries
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import MemoryTransactions
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.identity_queries import PostgresIdentityQueries
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.secret_tokens import RandomTokens
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.identity.authenticate import AuthenticateHandler
from ecommerce.application.identity.change_profile import ChangeProfileHandler
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.create_admin import CreateAdminHandler
from ecommerce.application.identity.login import Login, LoginHandler
from ecommerce.application.identity.logout import LogoutHandler
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.identity.refresh_session import RefreshSessionHandler
from ecommerce.application.identity.register import Register, RegisterHandler
from ecommerce.application.identity.session_tokens import SessionTokens, SignedIn
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import UserId

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
        return f"{self.parameters}:{password}"

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified += 1
        return password_hash is not None and password_hash.partition(":")[2] == password

    def needs_rehash(self, password_hash: str) -> bool:
        return not password_hash.startswith(f"{self.parameters}:")


class FewCommonPasswords:
    """Knows one."""

    def contain(self, folded: str) -> bool:
        return folded == "password123"


@dataclass
class Identity:
    """Every identity use case, over whatever stores it is given."""

    transactions: TransactionFactory[IdentityTransaction]
    queries: IdentityQueries
    clock: MovableClock = field(default_factory=MovableClock)
    hasher: PlainHasher = field(default_factory=PlainHasher)

    def __post_init__(self) -> None:
        ids = Uuid7Ids()
        self.secrets = RandomTokens()
        self.keys = KeyRing.generate(START)
        self.access_tokens = JwtTokens(self.keys, issuer="shop", audience="shop")
        tokens = SessionTokens(self.access_tokens, self.secrets)
        self.choose_password = ChoosePasswordHandler(self.hasher, FewCommonPasswords())
        self.register = RegisterHandler(self.transactions, self.clock, ids)
        self.login = LoginHandler(
            self.transactions, self.queries, self.hasher, tokens, self.clock, ids
        )
        self.refresh = RefreshSessionHandler(self.transactions, self.queries, tokens, self.clock)
        self.logout = LogoutHandler(self.transactions, self.secrets, self.clock)
        self.change_profile = ChangeProfileHandler(self.transactions, self.clock)
        self.authenticate = AuthenticateHandler(self.access_tokens, self.queries, self.clock)
        self.create_admin = CreateAdminHandler(
            self.transactions, self.queries, self.hasher, self.choose_password, self.clock, ids
        )

    async def open_account(
        self, email: str = "ada@example.com", full_name: str | None = None
    ) -> UserId:
        password = await self.choose_password(PASSWORD)
        return await self.register(Register(email=email, password=password, full_name=full_name))

    async def sign_in(self, email: str = "ada@example.com", password: str = PASSWORD) -> SignedIn:
        return await self.login(Login(email=email, password=password))


def identity_in_memory() -> tuple[Identity, MemoryStore]:
    """Every use case over an empty memory store, and the store."""
    store = MemoryStore()
    transactions = MemoryTransactions(store, SCRIBE)
    return Identity(transactions, InMemoryIdentityQueries(transactions)), store


def identity_in_postgres(database: Database) -> Identity:
    """Every use case over a PostgreSQL database."""
    return Identity(
        PostgresTransactions(database, "USD", ANALYZER, SCRIBE), PostgresIdentityQueries(database)
    )


def identity_in(store: str, request: pytest.FixtureRequest) -> Identity:
    """Every use case over the store of that name, which is empty."""
    if store == "memory":
        return identity_in_memory()[0]
    return identity_in_postgres(request.getfixturevalue("database"))
