"""Roles, API keys and second factors in memory; what is handed out or taken in is a copy."""

import copy
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.application.identity.access.ports import LockedRoles
from ecommerce.domain.identity.access_errors import (
    ApiKeyNotFoundError,
    RoleInUseError,
    RoleNameTakenError,
    UnknownRoleError,
)
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId


class InMemoryStaffRoles:
    """Roles by id, and sets of ids for those who have some."""

    def __init__(self, tables: Tables) -> None:
        self._roles: Final = tables.staff_roles
        self._given: Final = tables.user_roles

    async def locked(
        self,
        role_ids: AbstractSet[StaffRoleId],
        *,
        of: AbstractSet[UserId] = frozenset(),
        to_change: bool = False,  # noqa: ARG002 - the port's
    ) -> LockedRoles:
        """Copy those out that there are; transactions run one at a time, so they need no lock."""
        given = {user_id: self._given.get(user_id, frozenset()) for user_id in of}
        wanted = frozenset(role_ids).union(*given.values())
        found = [copy.deepcopy(self._roles[i]) for i in sorted(wanted) if i in self._roles]
        return LockedRoles(found, given)

    async def add(self, role: StaffRole) -> None:
        """Copy a new role in."""
        self._put(role)

    async def save(self, role: StaffRole) -> None:
        """Copy a changed role in."""
        self._put(role)

    async def remove(self, role: StaffRole) -> None:
        """Drop it, unless somebody has it."""
        if any(role.id in given for given in self._given.values()):
            raise RoleInUseError("Somebody has this role.")
        del self._roles[role.id]

    async def give(self, user_id: UserId, role_ids: AbstractSet[StaffRoleId]) -> None:
        """Put this set in the place of the old one."""
        if not role_ids <= self._roles.keys():
            raise UnknownRoleError("A role named does not exist.")
        self._given[user_id] = frozenset(role_ids)

    async def take_all(self, user_id: UserId) -> Sequence[StaffRoleId]:
        """Drop the account's set."""
        return sorted(self._given.pop(user_id, frozenset()))

    def _put(self, role: StaffRole) -> None:
        others = (each for each in self._roles.values() if each.id != role.id)
        if any(each.name_key == role.name_key for each in others):
            raise RoleNameTakenError("Another role has this name.")
        self._roles[role.id] = copy.deepcopy(role)


class InMemoryApiKeys:
    """Keys by id."""

    def __init__(self, tables: Tables) -> None:
        self._keys: Final = tables.api_keys

    async def add(self, key: ApiKey) -> None:
        """Copy a new key in."""
        self._keys[key.id] = copy.deepcopy(key)

    async def get(self, key_id: ApiKeyId) -> ApiKey:
        """Copy a key out."""
        key = self._keys.get(key_id)
        if key is None:
            raise ApiKeyNotFoundError("There is no such API key.")
        return copy.deepcopy(key)

    async def of(self, user_id: UserId) -> Sequence[ApiKey]:
        """Copy out those of the account."""
        found = [key for key in self._keys.values() if key.user_id == user_id]
        return copy.deepcopy(sorted(found, key=lambda key: key.id))

    async def save(self, key: ApiKey) -> None:
        """Copy a changed key in."""
        self._keys[key.id] = copy.deepcopy(key)


class InMemorySecondFactors:
    """Second factors by account."""

    def __init__(self, tables: Tables) -> None:
        self._factors: Final = tables.second_factors

    async def of(self, user_id: UserId) -> SecondFactor | None:
        """Copy it out; transactions run one at a time, so it needs no lock."""
        return copy.deepcopy(self._factors.get(user_id))

    async def put(self, factor: SecondFactor) -> None:
        """Copy it in."""
        self._factors[factor.user_id] = copy.deepcopy(factor)

    async def remove(self, factor: SecondFactor) -> None:
        """Drop it."""
        del self._factors[factor.user_id]


class InMemoryLoginChallenges:
    """Challenges by the hash of their token."""

    def __init__(self, tables: Tables) -> None:
        self._challenges: Final = tables.login_challenges

    async def add(self, challenge: LoginChallenge) -> None:
        """Copy it in."""
        self._challenges[challenge.token_hash] = copy.deepcopy(challenge)

    async def by_token(self, token_hash: bytes) -> LoginChallenge | None:
        """Copy it out."""
        return copy.deepcopy(self._challenges.get(token_hash))

    async def attempted(self, challenge: LoginChallenge) -> None:
        """Copy it in again."""
        self._challenges[challenge.token_hash] = copy.deepcopy(challenge)

    async def remove(self, challenge: LoginChallenge) -> None:
        """Drop it."""
        del self._challenges[challenge.token_hash]
