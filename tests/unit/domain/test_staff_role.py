"""Roles made of permissions: what they are called, what they hold, how they change."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ecommerce.domain.identity.access_errors import (
    DefaultRoleError,
    InvalidRoleError,
    UnknownPermissionError,
)
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE, StaffRole
from ecommerce.domain.shared.ids import StaffRoleId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ID = StaffRoleId(UUID(int=3))

NO_NAMES = ["", " \t ", "x" * 65, "a\nb", "a\0b", "a\x7fb", "\ud800"]
NO_DESCRIPTIONS = ["", "  ", "x" * 501, "Counts.\nAdds.", "\udfff"]


def a_role(name: str = "Warehouse", description: str | None = "Counts.") -> StaffRole:
    return StaffRole.make(ID, name, ["catalog:read"], description=description, now=NOW)


def facts(role: StaffRole) -> dict[str, object]:
    return {name: getattr(role, name) for name in StaffRole.__slots__}


NEW = {
    "id": ID,
    "name": "Warehouse",
    "description": "Counts.",
    "permissions": frozenset({"catalog:read"}),
    "version": 1,
    "created_at": NOW,
    "updated_at": NOW,
}


def test_a_new_role() -> None:
    assert facts(a_role()) == NEW


def test_a_role_without_description_or_permissions_is_one_too() -> None:
    role = StaffRole.make(ID, "Nothing at all", (), description=None, now=NOW)
    assert (role.description, role.permissions) == (None, frozenset())


def test_a_change_says_all_of_it_anew_in_the_next_version() -> None:
    role = a_role()
    role.change(name=" Desk ", description=" Asks. ", permissions=["users:read"], now=LATER)
    assert facts(role) == {
        "id": ID,
        "name": "Desk",
        "description": "Asks.",
        "permissions": frozenset({"users:read"}),
        "version": 2,
        "created_at": NOW,
        "updated_at": LATER,
    }
    role.change(name="Desk", description=None, permissions=[], now=LATER)
    assert (role.version, role.description, role.permissions) == (3, None, frozenset())


def test_texts_are_trimmed_and_composed_before_they_are_measured() -> None:
    role = a_role("  " + "e\u0301" * 64 + "\n", "\t" + "u\u0308" * 500 + " ")
    assert role.name == "\u00e9" * 64
    assert role.description == "\u00fc" * 500
    assert a_role("X", "Y").name == "X"


@pytest.mark.parametrize("name", NO_NAMES)
def test_texts_that_name_no_role(name: str) -> None:
    role = a_role()
    with pytest.raises(InvalidRoleError):
        a_role(name)
    with pytest.raises(InvalidRoleError):
        role.change(name=name, description=None, permissions=[], now=LATER)
    assert facts(role) == NEW


@pytest.mark.parametrize("description", NO_DESCRIPTIONS)
def test_texts_that_describe_no_role(description: str) -> None:
    with pytest.raises(InvalidRoleError):
        a_role(description=description)
    with pytest.raises(InvalidRoleError):
        a_role().change(name="Desk", description=description, permissions=[], now=LATER)


def test_a_role_holds_no_permission_that_does_not_exist() -> None:
    with pytest.raises(UnknownPermissionError):
        StaffRole.make(ID, "Desk", ["no:such"], description=None, now=NOW)
    with pytest.raises(UnknownPermissionError):
        a_role().change(name="Desk", description=None, permissions=["no:such"], now=LATER)


def test_names_are_the_same_whatever_their_case_and_way_of_writing() -> None:
    assert a_role("STRASSE").name_key == a_role("Stra\u00dfe").name_key
    assert a_role("JOSE\u0301").name_key == a_role("jos\u00e9").name_key
    assert a_role("Desk 1").name_key != a_role("Desk 2").name_key


def test_only_the_default_role_cannot_be_deleted() -> None:
    role = a_role()
    assert not role.is_default
    role.check_deletable()
    default = StaffRole.make(DEFAULT_ROLE, "Staff", [], description=None, now=NOW)
    assert default.is_default
    with pytest.raises(DefaultRoleError):
        default.check_deletable()
