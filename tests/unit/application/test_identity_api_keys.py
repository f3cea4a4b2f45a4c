"""Making and revoking keys of machines: the state, the audit log and the letter."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.authority import a_key, an_actor, make
from tests.support.identity import START, Identity, identity_in_memory
from tests.support.letters import written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.access.create_api_key import CreateApiKey, CreatedApiKey
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKey
from ecommerce.application.shared.audit import AuditRecord
from ecommerce.application.shared.mail import Mail
from ecommerce.domain.identity.access_errors import (
    ApiKeyNotFoundError,
    InvalidApiKeyError,
    NotForApiKeysError,
    PermissionNotHeldError,
    UnknownPermissionError,
)
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import DomainError
from ecommerce.domain.shared.ids import ApiKeyId, UserId


async def scanner(
    identity: Identity, user_id: UserId, *permissions: str, name: str = "Scanner", days: int = 90
) -> CreatedApiKey:
    return await identity.create_api_key(
        CreateApiKey(
            actor=await an_actor(identity, user_id=user_id),
            name=name,
            permissions=permissions or ("inventory:write", "catalog:read"),
            days=days,
        )
    )


def facts(store: MemoryStore, key_id: ApiKeyId) -> dict[str, object]:
    key = store.committed.api_keys[key_id]
    return {name: getattr(key, name) for name in ApiKey.__slots__}


def told(record: AuditRecord) -> tuple[str, str, str | None, object, object]:
    return record.action, record.subject_type, record.subject_id, record.before, record.after


async def test_a_key_is_kept_as_a_hash_and_written_down_without_its_text() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await scanner(identity, user_id, name=" Scanner ")
    assert made.id.int >> 80 == round(START.timestamp() * 1000)
    assert facts(store, made.id) == {
        "id": made.id,
        "user_id": user_id,
        "name": "Scanner",
        "start": made.text[:12],
        "key_hash": identity.api_key_tokens.hash(made.text),
        "permissions": frozenset({"inventory:write", "catalog:read"}),
        "created_at": START,
        "expires_at": START + timedelta(days=90),
        "revoked_at": None,
    }
    record = store.committed.audit_records[-1]
    assert told(record) == (
        "api_key.created",
        "api_key",
        str(made.id),
        None,
        {
            "start": made.text[:12],
            "permissions": ("catalog:read", "inventory:write"),
            "expires_at": "2026-04-15 09:30:00+00:00",
        },
    )
    assert made.text[12:] not in repr(store.committed)


async def test_who_made_a_key_gets_a_letter_about_it() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await scanner(identity, user_id)
    (letter,) = written(store, "api_key_made")
    assert letter == Mail(
        id=letter.id,
        kind="api_key_made",
        to="ada@example.com",
        subject="Teapots & Co: A new API key",
        body=(
            "An API key was made with your account at Teapots & Co, on 2026-01-15 at 09:30 UTC."
            " If that was not you, revoke it, reset your password, and sign out all that you do"
            " not know.\n"
        ),
        created_at=START,
        expires_at=START + timedelta(days=3),
        account=user_id,
    )
    assert made.text[:12] not in letter.body


async def test_nobody_makes_a_key_of_what_they_do_not_hold() -> None:
    identity, store = identity_in_memory()
    await make(identity, Role.STAFF, "ada@example.com")
    actor = await an_actor(identity, "api_keys:write", "catalog:read")
    with pytest.raises(PermissionNotHeldError) as refused:
        await a_key(identity, actor, "catalog:read", "catalog:write")
    assert refused.value.detail == "You do not hold catalog:write yourself."
    assert not store.committed.api_keys
    assert not written(store, "api_key_made")
    await a_key(identity, actor, "catalog:read")
    assert len(store.committed.api_keys) == 1


@pytest.mark.parametrize(
    ("permission", "name", "days", "refusal"),
    [
        ("no:such", "Scanner", 90, UnknownPermissionError),
        ("users:read", "Scanner", 90, NotForApiKeysError),
        ("catalog:read", "\u0007", 90, InvalidApiKeyError),
        ("catalog:read", "Scanner", 366, InvalidApiKeyError),
    ],
)
async def test_what_is_no_key_leaves_nothing(
    permission: str, name: str, days: int, refusal: type[DomainError]
) -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    seen = len(store.committed.audit_records)
    with pytest.raises(refusal):
        await scanner(identity, user_id, permission, name=name, days=days)
    assert not store.committed.api_keys
    assert not written(store, "api_key_made")
    assert len(store.committed.audit_records) == seen


async def test_an_account_that_is_gone_makes_no_key() -> None:
    identity, store = identity_in_memory()
    with pytest.raises(SessionEndedError):
        await scanner(identity, UserId(UUID(int=9)))
    assert not store.committed.api_keys
    assert not store.committed.audit_records


async def test_a_revoked_key_stays_listed_and_is_written_down_once() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made, other = await scanner(identity, user_id), await scanner(identity, user_id)
    was, spared = facts(store, made.id), facts(store, other.id)
    revoke = RevokeApiKey(actor=await an_actor(identity), key_id=made.id)

    identity.clock.move(timedelta(hours=1))
    await identity.revoke_api_key(revoke)
    identity.clock.move(timedelta(hours=1))
    await identity.revoke_api_key(revoke)

    assert facts(store, made.id) == {**was, "revoked_at": START + timedelta(hours=1)}
    assert facts(store, other.id) == spared
    (record,) = [r for r in store.committed.audit_records if r.action == "api_key.revoked"]
    assert told(record) == (
        "api_key.revoked",
        "api_key",
        str(made.id),
        None,
        {"user_id": str(user_id)},
    )


async def test_a_key_that_is_not_there_is_not_revoked() -> None:
    identity, store = identity_in_memory()
    with pytest.raises(ApiKeyNotFoundError):
        await identity.revoke_api_key(
            RevokeApiKey(actor=await an_actor(identity), key_id=ApiKeyId(UUID(int=5)))
        )
    assert not store.committed.audit_records
