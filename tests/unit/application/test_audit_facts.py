"""What an audit entry has room for, and what it never holds."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.support.goods import NOON

from ecommerce.application.shared.audit_facts import (
    HIDDEN,
    LEFT_OUT,
    MAX_FACTS,
    MAX_SIZE,
    MAX_TEXT,
    Facts,
    bounded,
    differences,
)
from ecommerce.domain.identity.user import Role


def test_nothing_stays_nothing() -> None:
    assert bounded(None) is None
    assert bounded({}) == {}


def test_values_that_json_has_stay_and_others_become_text() -> None:
    facts = {
        "none": None,
        "yes": True,
        "number": 7,
        "part": 0.5,
        "text": "x",
        "id": UUID(int=7),
        "at": datetime(2026, 1, 5, tzinfo=UTC),
        "role": Role.STAFF,
        "many": ("a", UUID(int=1), 3),
    }
    assert bounded(facts) == {
        "none": None,
        "yes": True,
        "number": 7,
        "part": 0.5,
        "text": "x",
        "id": "00000000-0000-0000-0000-000000000007",
        "at": "2026-01-05 00:00:00+00:00",
        "role": "staff",
        "many": ("a", "00000000-0000-0000-0000-000000000001", "3"),
    }


def test_long_texts_and_lists_are_cut() -> None:
    kept = bounded({"fits": "x" * MAX_TEXT, "text": "y" * (MAX_TEXT + 1), "list": ("z",) * 23})
    assert kept is not None
    assert kept["fits"] == "x" * MAX_TEXT
    assert kept["text"] == "y" * (MAX_TEXT - 1) + LEFT_OUT
    assert kept["list"] == ("z",) * 20 + (f"{LEFT_OUT} 3 more",)


def test_an_entry_says_how_many_facts_it_has_no_room_for() -> None:
    kept = bounded({f"f{number}": 1 for number in range(MAX_FACTS + 5)})
    assert kept is not None
    assert len(kept) == MAX_FACTS + 1
    assert kept[LEFT_OUT] == 5


def test_an_entry_is_bounded_whatever_its_facts() -> None:
    kept = bounded({f"f{number}": ("x" * 1_000,) * 100 for number in range(100)})
    assert kept is not None
    assert len(repr(kept)) < MAX_SIZE * 1.1
    assert kept[LEFT_OUT] == 100 - (len(kept) - 1)


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "PasswordHash", "refresh_token", "api_key", "key", "totp_secret",
     "user.password_hash", "otp", "recovery_codes", "private_jwk", "Authorization"],
)  # fmt: skip
def test_what_is_named_like_a_secret_is_blotted_out(name: str) -> None:
    assert bounded({name: "marker"}) == {name: HIDDEN}
    assert bounded({name: ("marker",)}) == {name: HIDDEN}


@pytest.mark.parametrize("name", ["variants.TOKEN-1.price", "keyboard", "name", "on_hand"])
def test_other_names_are_not(name: str) -> None:
    assert bounded({name: "shown"}) == {name: "shown"}


def test_only_what_differs_is_told() -> None:
    before: Facts = {"name": "a", "price": 1, "gone": "x", "same": ("a",), "yes": 1}
    after: Facts = {"name": "b", "price": 1, "new": NOON, "same": ("a",), "yes": True}
    assert differences(before, after) == (
        {"name": "a", "gone": "x", "new": None, "yes": 1},
        {"name": "b", "gone": None, "new": NOON, "yes": True},
    )
