"""Every kind of caller there is, at a shop whose doors are the real ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias, get_args
from uuid import UUID

import httpx
from tests.support.authority import a_key, an_actor
from tests.support.identity import PASSWORD, START, Identity

from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.register import Register
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId
from ecommerce.entrypoints.http.auth import Authenticate

Caller: TypeAlias = Literal[
    "anonymous",
    "other",
    "owner",
    "staff_without",
    "staff_with",
    "admin",
    "disabled",
    "expired",
    "api_key",
]
CALLERS: Final[tuple[Caller, ...]] = get_args(Caller)
EVERY_PERMISSION: Final = frozenset(each.value for each in Permission)

_ROLES: Final[dict[Caller, Role]] = {
    "other": Role.CUSTOMER,
    "owner": Role.CUSTOMER,
    "staff_without": Role.STAFF,
    "staff_with": Role.STAFF,
    "admin": Role.ADMIN,
    "disabled": Role.ADMIN,
    "expired": Role.ADMIN,
}
"""What each is in the shop: who is shut out has had everything."""


@dataclass
class AccessShop:
    """A shop over memory, whose tokens are signed, expire and end as they do in earnest.

    Staff hold what a test gives them: ``staff_with`` the permission that is asked for and no other
    (but what the thing asked for takes beside it), ``staff_without`` all but that one. ``api_key``
    is a key of the admin's whose row has that permission, whether keys can be given it or not.
    """

    store: MemoryStore = field(default_factory=MemoryStore)
    users: dict[Caller, UserId] = field(default_factory=dict)
    tokens: dict[Caller, str] = field(default_factory=dict)
    refresh_tokens: dict[Caller, str] = field(default_factory=dict)
    key_id: ApiKeyId = field(init=False)
    _begun: Tables | None = None
    client: httpx.AsyncClient = field(init=False)
    identity: Identity = field(init=False)

    def sign_in(self, identity: Identity) -> Authenticate:
        """Remember the use cases."""
        self.identity = identity
        return identity.authenticate

    async def reset(self, permission: str | None, beside: frozenset[str]) -> None:
        """Empty the shop but for its callers, who have all just signed in."""
        if self._begun is None:
            self._begun = await self._opened()
        self.store.committed = self._begun.copied()
        needed = frozenset[str]() if permission is None else frozenset({permission})
        self._let_hold("staff_with", needed | beside)
        self._let_hold("staff_without", EVERY_PERMISSION - needed)
        self.store.committed.api_keys[self.key_id].permissions = needed

    def _let_hold(self, caller: Caller, permissions: frozenset[str]) -> None:
        """Let a member of staff have a role of their own, with these permissions."""
        role_id = StaffRoleId(self.users[caller])
        self.store.committed.staff_roles[role_id] = StaffRole.make(
            role_id, caller, permissions, description=None, now=START
        )
        self.store.committed.user_roles[self.users[caller]] = frozenset({role_id})

    async def _opened(self) -> Tables:
        for caller, role in _ROLES.items():
            await self.account(caller, role)
        self.store.committed.users[self.users["disabled"]].disabled = True
        expired = self.users["expired"]
        session = next(s for s in self.store.committed.sessions.values() if s.user_id == expired)
        self.tokens["expired"] = self.identity.access_tokens.issue(
            expired, session.id, START - timedelta(days=1)
        ).token
        boss = await an_actor(self.identity, "catalog:read", user_id=self.users["admin"])
        made = await a_key(self.identity, boss, "catalog:read")
        self.key_id, self.tokens["api_key"] = made.id, made.text
        return self.store.committed

    async def account(self, caller: Caller, role: Role) -> None:
        """Open an account and sign it in."""
        email = self.email(caller)
        chosen = await self.identity.choose_password(PASSWORD)
        user_id = await self.identity.register(Register(email=email, password=chosen))
        self.store.committed.users[user_id].role = role
        signed_in = await self.identity.login(Login(email=email, password=PASSWORD))
        self.users[caller] = user_id
        self.tokens[caller] = signed_in.access_token
        self.refresh_tokens[caller] = signed_in.refresh_token

    @staticmethod
    def email(caller: Caller) -> str:
        """The address of a caller."""
        return f"{caller}@example.com"

    def headers(self, caller: Caller) -> dict[str, str]:
        """What signs a caller's request."""
        token = self.tokens.get(caller)
        return {} if token is None else {"Authorization": f"Bearer {token}"}

    async def made(
        self, address: str, body: Mapping[str, object], by: Caller = "admin"
    ) -> dict[str, Any]:
        """Have somebody make something, and give what it became."""
        answer = await self.client.post(address, json=body, headers=self.headers(by))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


ABSENT: Final = str(UUID("019a8f00-5a00-7000-8000-00000000dead"))
"""An id that nothing has."""
