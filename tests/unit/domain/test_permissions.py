"""What can be given to whom: nothing unknown, nothing to machines that is for people, no more than
the giver holds.
"""

import pytest

from ecommerce.domain.identity.access_errors import (
    NotForApiKeysError,
    PermissionNotHeldError,
    UnknownPermissionError,
)
from ecommerce.domain.identity.permissions import (
    EVERY,
    FOR_MACHINES,
    check_for_machines,
    check_held,
    check_known,
)
from ecommerce.domain.shared.errors import Violation


def test_every_permission_is_known_and_a_repeated_one_counts_once() -> None:
    assert check_known(iter(sorted(EVERY))) == EVERY
    assert check_known(["catalog:read", "audit:read", "catalog:read"]) == {
        "catalog:read",
        "audit:read",
    }
    assert check_known([]) == frozenset()


def test_each_name_that_is_no_permission_is_pointed_at() -> None:
    names = ["catalog:read", "no:such", "Catalog:read", "audit:read", ""]
    with pytest.raises(UnknownPermissionError) as refused:
        check_known(iter(names))
    assert refused.value.violations == (
        Violation("/permissions/1", "is not a permission."),
        Violation("/permissions/2", "is not a permission."),
        Violation("/permissions/4", "is not a permission."),
    )


def test_a_machine_is_refused_what_is_for_people_by_name() -> None:
    check_for_machines(sorted(FOR_MACHINES))
    check_for_machines([])
    with pytest.raises(NotForApiKeysError) as refused:
        check_for_machines(["users:read", "catalog:read", "api_keys:write"])
    assert refused.value.detail == "An API key cannot hold api_keys:write, users:read."


def test_nobody_gives_what_they_do_not_hold_and_is_told_what_that_is() -> None:
    held = frozenset({"catalog:read", "roles:write"})
    check_held(frozenset({"catalog:read"}), held)
    check_held(held, held)
    check_held(frozenset(), frozenset())
    with pytest.raises(PermissionNotHeldError) as refused:
        check_held(frozenset({"users:write", "catalog:read", "audit:read"}), held)
    assert refused.value.detail == "You do not hold audit:read, users:write yourself."
