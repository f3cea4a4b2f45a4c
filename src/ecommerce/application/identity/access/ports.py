"""What giving permissions, to staff and to machines, needs of the world."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ecommerce.application.identity.ports import Sessions, Users
from ecommerce.application.shared.audit import AuditedTransaction
from ecommerce.application.shared.mail import MailOutbox
from ecommerce.domain.identity.access_errors import RoleNotFoundError
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE, StaffRole
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId


@dataclass(frozen=True, slots=True)
class LockedRoles:
    """Roles that stay as they are until the transaction ends, and who has which of them."""

    roles: Sequence[StaffRole] = ()
    given: Mapping[UserId, AbstractSet[StaffRoleId]] = field(default_factory=dict)

    def get(self, role_id: StaffRoleId) -> StaffRole:
        """One of them; ``RoleNotFoundError`` when there is none."""
        for role in self.roles:
            if role.id == role_id:
                return role
        raise RoleNotFoundError("There is no such role.")

    def named(self, role_ids: AbstractSet[StaffRoleId]) -> Sequence[StaffRole]:
        """Those of them with these ids."""
        return [role for role in self.roles if role.id in role_ids]

    def permissions_of(
        self, user_id: UserId, instead: AbstractSet[StaffRoleId] | None = None
    ) -> frozenset[str]:
        """What a member of staff may do by the roles that they have, or by others instead; by the
        default role without any.
        """
        theirs = self.given.get(user_id, frozenset()) if instead is None else instead
        held = self.named(theirs or {DEFAULT_ROLE})
        return frozenset[str]().union(*(role.permissions for role in held))


class StaffRoles(Protocol):
    """The roles, and who has which. What is loaded is locked until the end; accounts first."""

    async def locked(
        self,
        role_ids: AbstractSet[StaffRoleId],
        *,
        of: AbstractSet[UserId] = frozenset(),
        to_change: bool = False,
    ) -> LockedRoles:
        """Load those of these roles that there are and those that these accounts have, none of
        which goes away or changes until the end; ``to_change``: nobody else loads them meanwhile.

        Asked once in a transaction, so that roles are locked in one order. The accounts are locked
        before.
        """
        ...

    async def add(self, role: StaffRole) -> None:
        """Add a role; ``RoleNameTakenError`` when another has its name, at the latest when the
        transaction's block ends.
        """
        ...

    async def save(self, role: StaffRole) -> None:
        """Keep the changes to a loaded role; refuses like ``add``."""
        ...

    async def remove(self, role: StaffRole) -> None:
        """Delete a loaded role; ``RoleInUseError`` when somebody has it, whoever gives it at the
        same moment.
        """
        ...

    async def give(self, user_id: UserId, role_ids: AbstractSet[StaffRoleId]) -> None:
        """Let an account have these roles and no others."""
        ...

    async def take_all(self, user_id: UserId) -> Sequence[StaffRoleId]:
        """Let an account have no role any more; those that it had, in the order of ids."""
        ...


class ApiKeys(Protocol):
    """The keys of machines."""

    async def add(self, key: ApiKey) -> None:
        """Add a key."""
        ...

    async def get(self, key_id: ApiKeyId) -> ApiKey:
        """Load a key, locked; ``ApiKeyNotFoundError`` when there is none."""
        ...

    async def of(self, user_id: UserId) -> Sequence[ApiKey]:
        """Load all keys that an account made, those that ended included, in the order of ids and
        locked; the account is locked before.
        """
        ...

    async def save(self, key: ApiKey) -> None:
        """Keep the changes to a loaded key."""
        ...


class AccessTransaction(AuditedTransaction, Protocol):
    """A transaction over roles, keys and the accounts that have them."""

    @property
    def users(self) -> Users:
        """The accounts."""
        ...

    @property
    def sessions(self) -> Sessions:
        """The sign-ins."""
        ...

    @property
    def mail(self) -> MailOutbox:
        """The mail to send."""
        ...

    @property
    def staff_roles(self) -> StaffRoles:
        """The roles."""
        ...

    @property
    def api_keys(self) -> ApiKeys:
        """The keys of machines."""
        ...


@dataclass(frozen=True, slots=True)
class NewApiKeySecret:
    """A key's text, which is shown once; what it is recognised by; and what is kept of it."""

    text: str
    start: str
    key_hash: bytes


class ApiKeySecrets(Protocol):
    """The texts of API keys. No method does I/O."""

    def new(self) -> NewApiKeySecret:
        """Make an unguessable one."""
        ...

    def looks_like_one(self, text: str) -> bool:
        """Whether a bearer token is meant to be an API key, right or wrong."""
        ...

    def hash(self, text: str) -> bytes | None:
        """What is kept of a key; ``None`` for a text that cannot be one, by its own checksum."""
        ...


class ApiKeyUses(Protocol):
    """Remembers when keys were used last, to the minute."""

    def note(self, key_id: ApiKeyId, at: datetime) -> None:
        """Say that a key was used. Returns at once: no request waits for it to be written."""
        ...
