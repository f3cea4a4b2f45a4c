"""A ring that follows its file."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.live_keys import LOOK_EVERY, LiveKeys
from ecommerce.adapters.security.signing_key import KeyRingError
from ecommerce.application.identity.key_times import KEYS_KEPT_FOR, LEAD
from ecommerce.domain.identity.errors import InvalidTokenError
from ecommerce.domain.shared.ids import SessionId, UserId

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
USER, SESSION = UserId(UUID(int=1)), SessionId(UUID(int=2))
SOON = timedelta(seconds=10)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    KeyRing.load_or_create(path)
    return path


def followed(file: Path) -> tuple[LiveKeys, JwtTokens]:
    keys = LiveKeys(KeyRing.load(file), file)
    return keys, JwtTokens(keys, issuer="shop", audience="shop")


def test_every_process_knows_a_key_before_one_signs_with_it(file: Path) -> None:
    keys, tokens = followed(file)
    slow, slow_tokens = followed(file)
    first = keys.ring.active.kid
    assert not keys.look(), "nothing has changed"
    second = KeyRing.rotate(file, NOW, lead=SOON).active.kid
    assert keys.look()
    assert not keys.look()
    assert keys.signing_key(NOW).kid == first
    assert [key.kid for key in keys.public_keys(NOW)] == [first, second]
    old = tokens.issue(USER, SESSION, NOW).token
    slow_tokens.verify(old, NOW)

    assert slow.look()
    assert keys.signing_key(NOW + SOON).kid == second
    assert [key.kid for key in keys.public_keys(NOW + SOON)] == [second, first]
    new = tokens.issue(USER, SESSION, NOW + SOON).token
    slow_tokens.verify(new, NOW + SOON)
    tokens.verify(old, NOW + SOON)
    assert (LEAD - KEYS_KEPT_FOR).total_seconds() > LOOK_EVERY * 5


def test_no_key_signs_while_a_list_without_it_may_be_kept(file: Path) -> None:
    """By those who took it from the process that was the last to look at the file."""
    first = KeyRing.load(file).active.kid
    ring = KeyRing.rotate(file, NOW)
    last_look = NOW + timedelta(seconds=LOOK_EVERY)
    assert ring.signing_key(last_look + KEYS_KEPT_FOR).kid == first
    assert ring.signing_key(NOW + LEAD) is ring.active


def test_what_a_removed_key_signed_is_refused(file: Path) -> None:
    keys, tokens = followed(file)
    first = keys.ring.active.kid
    old = tokens.issue(USER, SESSION, NOW).token
    KeyRing.rotate(file, NOW, lead=timedelta(0))
    keys.look()
    new = tokens.issue(USER, SESSION, NOW).token
    KeyRing.remove(file, first)
    tokens.verify(old, NOW)
    assert keys.look()
    with pytest.raises(InvalidTokenError):
        tokens.verify(old, NOW)
    tokens.verify(new, NOW)
    assert len(keys.public_keys(NOW)) == 1


def test_the_newest_key_stays_and_an_unknown_one_is_named(file: Path) -> None:
    ring = KeyRing.load(file)
    with pytest.raises(KeyRingError, match="newest key"):
        KeyRing.remove(file, ring.active.kid)
    with pytest.raises(KeyRingError, match="no key 'other'"):
        KeyRing.remove(file, "other")
    assert KeyRing.load(file).to_json() == ring.to_json()


def test_removing_the_key_that_signs_lets_the_newest_sign_at_once(file: Path) -> None:
    first = KeyRing.load(file).active.kid
    KeyRing.rotate(file, NOW, lead=SOON)
    ring = KeyRing.remove(file, first)
    assert ring.signing_key(NOW) is ring.active


def test_a_file_that_is_damaged_or_gone_changes_nothing(file: Path) -> None:
    keys, tokens = followed(file)
    token = tokens.issue(USER, SESSION, NOW).token
    good = file.read_text()
    for text in ("", "{", KeyRing.generate(NOW).to_json()):
        file.write_text(text)
        with pytest.raises(KeyRingError):
            keys.look()
        tokens.verify(token, NOW)
    file.unlink()
    with pytest.raises(KeyRingError):
        keys.look()
    tokens.verify(token, NOW)
    file.write_text(good)
    assert not keys.look(), "the same keys as before"


def test_keys_given_by_settings_have_no_file_to_follow() -> None:
    keys = LiveKeys(KeyRing.generate(NOW))
    assert not keys.look()


async def test_it_is_followed_beside_the_requests(file: Path) -> None:
    keys, _ = followed(file)
    following = asyncio.create_task(keys.follow_for_ever(every=0.01))
    try:
        new = await asyncio.to_thread(_damaged_for_a_while, file)
        for _ in range(500):
            if keys.key(new) is not None:
                break
            await asyncio.sleep(0.01)
        assert keys.key(new) is not None
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


def _damaged_for_a_while(file: Path) -> str:
    text = file.read_text()
    file.write_text("{")
    time.sleep(0.05)
    file.write_text(text)
    return KeyRing.rotate(file, NOW).active.kid


def test_no_token_makes_the_file_be_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, tokens = followed(file)
    strange = JwtTokens(KeyRing.generate(NOW), issuer="shop", audience="shop")
    unknown = strange.issue(USER, SESSION, NOW).token

    def no_io(*_: object, **__: object) -> None:
        raise AssertionError("The disk was asked.")

    for name in ("open", "stat", "read_text", "read_bytes", "exists"):
        monkeypatch.setattr(Path, name, no_io)
    monkeypatch.setattr("builtins.open", no_io)
    for _ in range(10):
        with pytest.raises(InvalidTokenError):
            tokens.verify(unknown, NOW)
