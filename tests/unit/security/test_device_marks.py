from datetime import UTC, datetime

import pytest

from ecommerce.adapters.security.device_marks import HmacDeviceMarks
from ecommerce.adapters.security.key_ring import KeyRing

NOW = datetime(2026, 1, 15, tzinfo=UTC)
RING = KeyRing.generate(NOW)
MARKS = HmacDeviceMarks(RING)
HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"


def test_a_mark_is_good_for_its_account_in_every_spelling() -> None:
    mark = MARKS.make("Ada@Example.com", HASH)
    device = MARKS.device(mark, "ada@example.COM", HASH)
    assert device
    assert device in mark
    assert MARKS.device(mark, "eve@example.com", HASH) is None


def test_a_mark_is_good_for_one_secret_and_does_not_tell_it() -> None:
    mark = MARKS.make("a@b.c", HASH)
    assert MARKS.looks_like_one(mark)
    assert MARKS.device(mark, "a@b.c", f"{HASH}x") is None
    assert MARKS.device(mark, "a@b.c", "") is None
    assert "argon2" not in mark


def test_a_mark_is_of_no_use_at_another_host() -> None:
    mark = MARKS.make("ada@straße.example", HASH)
    assert MARKS.device(mark, "ada@xn--strae-oqa.example", HASH)
    assert MARKS.device(mark, "ada@strasse.example", HASH) is None


def test_no_two_are_alike() -> None:
    devices = {MARKS.device(MARKS.make("a@b.c", HASH), "a@b.c", HASH) for _ in range(100)}
    assert len(devices) == 100


def test_they_outlive_signing_keys_and_not_the_secret() -> None:
    mark = MARKS.make("a@b.c", HASH)
    assert HmacDeviceMarks(RING.rotated(NOW)).device(mark, "a@b.c", HASH)
    assert HmacDeviceMarks(KeyRing.generate(NOW)).device(mark, "a@b.c", HASH) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m[:0],
        lambda m: m[:-1],
        lambda m: m + "A",
        lambda m: ("B" if m[0] == "A" else "A") + m[1:],
        lambda m: m[:-2] + ("BA" if m[-2:] != "BA" else "CA"),
        lambda m: m.replace(".", "_"),
        lambda m: m + "\n",
        lambda m: "\xe9" * len(m),
    ],
)
def test_altered_ones_are_none(change: object) -> None:
    assert callable(change)
    assert MARKS.device(change(MARKS.make("a@b.c", HASH)), "a@b.c", HASH) is None
