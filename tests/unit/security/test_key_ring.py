import json
import multiprocessing
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.signing_key import KeyRingError

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def same(one: KeyRing, other: KeyRing) -> bool:
    return one.to_json() == other.to_json()


def test_a_ring_is_made_once_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"
    made = KeyRing.load_or_create(path)
    assert same(KeyRing.load_or_create(path), made)
    assert same(KeyRing.load(path), made)
    assert same(KeyRing.from_json(path.read_text()), made)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_a_ring_that_a_link_leads_to_is_changed_where_it_is(tmp_path: Path) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    own.mkdir()
    KeyRing.load_or_create(shared / "ring.json")
    (own / "keys.json").symlink_to(shared / "ring.json")
    rotated = KeyRing.rotate(own / "keys.json", NOW)
    assert (own / "keys.json").is_symlink()
    assert same(KeyRing.load(shared / "ring.json"), rotated)
    # The lock lies beside the ring, so that whoever comes by another link waits too.
    assert {file.name for file in own.iterdir()} == {"keys.json"}
    assert {file.name for file in shared.iterdir()} == {"ring.json", "ring.json.lock"}


def _make(path: Path) -> str:
    return KeyRing.load_or_create(path).to_json()


def test_processes_that_start_at_once_have_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = pool.map(_make, [path] * 8, chunksize=1)
    assert len(set(made)) == 1
    path.unlink()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(_make, [path] * 32))
    assert len(set(made)) == 1


def test_rotation_signs_anew_and_keeps_the_old_for_a_while(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = KeyRing.load_or_create(path)
    second = KeyRing.rotate(path, NOW, overlap=HOUR, lead=timedelta(0))
    assert same(KeyRing.load(path), second)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert second.secret == first.secret
    kids = [key.kid for key in second.public_keys(NOW)]
    assert kids == [second.active.kid, first.active.kid]
    assert [key.kid for key in second.public_keys(NOW + HOUR)] == [second.active.kid]
    third = KeyRing.rotate(path, NOW + HOUR, overlap=HOUR, lead=timedelta(0))
    assert [key.kid for key in third.previous] == [second.active.kid]


def test_rotations_at_once_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    KeyRing.load_or_create(path)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: KeyRing.rotate(path, NOW), range(8)))
    assert len(KeyRing.load(path).previous) == 8


def test_public_keys_are_what_other_libraries_read() -> None:
    ring = KeyRing.generate(NOW)
    (key,) = ring.public_keys(NOW)
    fields = {name: getattr(key, name) for name in ("kty", "crv", "x", "kid", "use", "alg")}
    token = jwt.encode({}, ring.active.private, algorithm="EdDSA")
    assert jwt.decode(token, jwt.PyJWK(fields).key, algorithms=["EdDSA"]) == {}
    assert "d" not in fields


def test_a_kid_is_the_keys_thumbprint() -> None:
    ring = KeyRing.from_json(
        json.dumps(
            {
                "active": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                "signing": [
                    {
                        "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                        "private_key": "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
                        "created_at": "2026-01-15T09:30:00+00:00",
                    }
                ],
                "secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            }
        )
    )
    (key,) = ring.public_keys(NOW)
    # RFC 8037, appendix A: this key, its public half and its thumbprint.
    assert key.x == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_derived_key_is_one_purposes_own() -> None:
    ring, other = KeyRing.generate(NOW), KeyRing.generate(NOW)
    assert len(ring.derive("http")) == 32
    assert ring.derive("http") == KeyRing.from_json(ring.to_json()).derive("http")
    assert len({ring.secret, ring.derive("http"), ring.derive("x"), other.derive("http")}) == 4


def damaged(**changes: object) -> str:
    fields: dict[str, Any] = json.loads(KeyRing.generate(NOW).to_json())
    signing = changes.pop("key", None)
    if signing is not None:
        fields["signing"][0] |= signing
    return json.dumps(fields | changes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a key ring"),
        ("{", "not a key ring"),
        ("[]", "not a key ring"),
        ("{}", "not a key ring"),
        (damaged(signing=[]), "not among"),
        (damaged(signing=[7]), "not a key ring"),
        (damaged(active="other"), "not among"),
        (damaged(secret="AAAA"), "fewer than 32"),
        (damaged(secret="é"), "not a key ring"),
        (damaged(key={"private_key": "AAAA"}), "not readable"),
        (damaged(key={"private_key": 7}), "not readable"),
        (damaged(key={"created_at": "yesterday"}), "not readable"),
        (damaged(key={"created_at": "2026-01-15T09:30:00"}), "not readable"),
        (damaged(key={"kid": "other"}), "is another"),
        (damaged(key={"retire_after": "2026-01-15T09:30:00Z"}), "retiring"),
    ],
)
def test_a_damaged_ring_says_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match=said):
        KeyRing.from_json(text)
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(KeyRingError, match=r"keys\.json"):
        KeyRing.load_or_create(path)
    with pytest.raises(KeyRingError):
        KeyRing.rotate(path, NOW)
    assert path.read_text() == text


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyRingError, match="cannot be written"):
        KeyRing.load_or_create(tmp_path / "file" / "keys.json")
    with pytest.raises(KeyRingError, match="cannot be read"):
        KeyRing.load(tmp_path / "absent.json")
    with pytest.raises(KeyRingError, match="cannot be read"):
        KeyRing.rotate(tmp_path / "absent.json", NOW)
