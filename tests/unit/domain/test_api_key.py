"""Keys of machines: what they are called, what they can hold, how long they last."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ecommerce.domain.identity.access_errors import (
    InvalidApiKeyError,
    NotForApiKeysError,
    UnknownPermissionError,
)
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.identity.permissions import EVERY, FOR_MACHINES
from ecommerce.domain.shared.ids import ApiKeyId, UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ID, MAKER = ApiKeyId(UUID(int=4)), UserId(UUID(int=7))


def a_key(name: str = "Scanner", *permissions: str, days: int = 30) -> ApiKey:
    return ApiKey.make(
        ID,
        MAKER,
        name=name,
        start="ek_live_abcd",
        key_hash=b"hash",
        permissions=permissions or ("inventory:write",),
        days=days,
        now=NOW,
    )


def facts(key: ApiKey) -> dict[str, object]:
    return {name: getattr(key, name) for name in ApiKey.__slots__}


NEW = {
    "id": ID,
    "user_id": MAKER,
    "name": "Scanner",
    "start": "ek_live_abcd",
    "key_hash": b"hash",
    "permissions": frozenset({"inventory:write"}),
    "created_at": NOW,
    "expires_at": NOW + timedelta(days=30),
    "revoked_at": None,
}


def test_a_new_key_is_good_for_its_days() -> None:
    assert facts(a_key()) == NEW


def test_a_key_is_revoked_at_an_instant_and_keeps_all_else() -> None:
    key = a_key()
    assert key.version == 1
    key.revoke(LATER)
    assert facts(key) == {**NEW, "revoked_at": LATER}
    assert key.version == 2


@pytest.mark.parametrize("days", [1, 365])
def test_how_long_a_key_can_last(days: int) -> None:
    assert a_key(days=days).expires_at == NOW + timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_how_long_a_key_cannot_last(days: int) -> None:
    with pytest.raises(InvalidApiKeyError):
        a_key(days=days)


def test_a_key_that_could_do_nothing_is_none() -> None:
    with pytest.raises(InvalidApiKeyError):
        ApiKey.make(
            ID,
            MAKER,
            name="Scanner",
            start="ek_live_abcd",
            key_hash=b"hash",
            permissions=[],
            days=30,
            now=NOW,
        )


def test_a_key_can_hold_all_that_is_for_machines() -> None:
    assert a_key("Scanner", *FOR_MACHINES).permissions == FOR_MACHINES


@pytest.mark.parametrize("permission", sorted(EVERY - FOR_MACHINES))
def test_a_key_manages_no_accounts_roles_or_keys(permission: str) -> None:
    with pytest.raises(NotForApiKeysError):
        a_key("Scanner", "catalog:read", permission)


def test_a_key_holds_no_permission_that_does_not_exist() -> None:
    with pytest.raises(UnknownPermissionError):
        a_key("Scanner", "catalog:read", "no:such")


def test_a_name_is_trimmed_and_composed_before_it_is_measured() -> None:
    assert a_key("  " + "e\u0301" * 100 + "\n").name == "\u00e9" * 100
    assert a_key("X").name == "X"


@pytest.mark.parametrize("name", ["", " \t ", "x" * 101, "a\nb", "a\0b", "a\x7fb", "\ud800"])
def test_texts_that_name_no_key(name: str) -> None:
    with pytest.raises(InvalidApiKeyError):
        a_key(name)
