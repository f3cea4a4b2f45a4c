"""Getting an account back by mail, whoever set it up before."""

from datetime import timedelta

import pytest
from tests.support.authority import a_key, an_actor, challenged, with_second_factor
from tests.support.identity import START, Identity, identity_in_memory
from tests.support.letters import forget, kinds, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactor
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.access_errors import ApiKeyEndedError
from ecommerce.domain.identity.errors import EmailAlreadyVerifiedError, WeakPasswordError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId

OWNERS = "patterns of algebra"
HOUR = timedelta(hours=1)


async def reset(identity: Identity, store: MemoryStore, password: str = OWNERS) -> None:
    await forget(identity)
    token = token_in(written(store, "reset_password")[-1])
    await identity.reset_password(ResetPassword(token=token, password=password))


async def verify(identity: Identity, store: MemoryStore) -> None:
    token = token_in(written(store, "verify_email")[-1])
    await identity.verify_email(VerifyEmail(token=token))


async def hijacked() -> tuple[Identity, MemoryStore, UserId]:
    """An account that somebody opened with another's address, and made theirs as far as it goes."""
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.sign_in()
    await with_second_factor(identity, user_id)
    return identity, store, user_id


async def test_who_reads_the_mail_gets_in_whatever_was_set_up_before_they_did() -> None:
    identity, store, user_id = await hijacked()
    await reset(identity, store)
    kept = store.committed
    assert kept.second_factors == {}
    assert kept.known_clients == {}
    assert [session.ended_at for session in kept.sessions.values()] == [identity.clock.now()]
    user = kept.users[user_id]
    assert (user.email_verified, user.version) == (True, 2)
    await identity.sign_in(password=OWNERS)
    assert kinds(store)[-2:] == ["second_factor_removed", "password_changed"]
    removed, done = kept.audit_records[-2:]
    for record, action in ((removed, "second_factor.removed"), (done, "user.password_reset")):
        assert (record.action, record.subject_id) == (action, str(user_id))
        assert record.principal == Principal("user", str(user_id))


async def test_a_second_factor_that_waits_to_be_confirmed_goes_without_a_word() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.begin_second_factor(BeginSecondFactor(actor=await identity.acting(user_id)))
    await reset(identity, store)
    assert store.committed.second_factors == {}
    assert kinds(store) == ["verify_email", "reset_password", "password_changed"]


async def test_who_opened_the_link_of_an_account_that_was_not_theirs_gets_in() -> None:
    identity, store, user_id = await hijacked()
    identity.clock.move(HOUR)
    await verify(identity, store)
    identity.clock.move(HOUR)
    await reset(identity, store)
    kept = store.committed
    assert (kept.second_factors, kept.known_clients) == ({}, {})
    assert kept.users[user_id].email_verified_at == START + HOUR
    await identity.sign_in(password=OWNERS)
    assert kinds(store)[-2:] == ["second_factor_removed", "password_changed"]
    owner = Principal("user", str(user_id))
    assert [(record.principal, record.action) for record in kept.audit_records[-2:]] == [
        (owner, "second_factor.removed"),
        (owner, "user.password_reset"),
    ]


async def test_clients_that_were_seen_since_the_proof_stay_known() -> None:
    identity, store, user_id = await hijacked()
    await verify(identity, store)
    identity.clock.move(HOUR)
    await identity.remove_second_factor(RemoveSecondFactor(actor=await identity.acting(user_id)))
    await identity.sign_in()
    await reset(identity, store)
    ((_, seen),) = store.committed.known_clients[user_id].items()
    assert seen == START + HOUR


async def test_where_no_instant_of_the_proof_was_kept_what_was_set_up_stays() -> None:
    identity, store, user_id = await hijacked()
    await verify(identity, store)
    store.committed.users[user_id].email_verified_at = None
    await reset(identity, store)
    assert user_id in store.committed.second_factors
    assert user_id in store.committed.known_clients
    assert store.committed.users[user_id].email_verified_at is None


async def test_what_the_owner_of_a_verified_address_set_up_stays() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await verify(identity, store)
    identity.clock.move(HOUR)
    await identity.sign_in()
    await with_second_factor(identity, user_id)
    before = store.committed.second_factors[user_id].recovery_hashes
    await reset(identity, store)
    assert store.committed.second_factors[user_id].recovery_hashes == before
    assert user_id in store.committed.known_clients
    assert await challenged(identity, password=OWNERS)


async def test_a_factor_that_goes_does_not_make_a_short_password_of_staff_good() -> None:
    identity, store, user_id = await hijacked()
    store.committed.users[user_id].role = Role.STAFF
    with pytest.raises(WeakPasswordError):
        await reset(identity, store, "8 chars.")
    assert user_id in store.committed.second_factors
    await verify(identity, store)
    with pytest.raises(WeakPasswordError):
        await reset(identity, store, "8 chars.")
    await reset(identity, store, "fifteen letters")


async def test_an_address_verified_by_a_reset_is_not_verified_again() -> None:
    identity, store, user_id = await hijacked()
    await reset(identity, store)
    with pytest.raises(EmailAlreadyVerifiedError):
        await verify(identity, store)
    assert store.committed.users[user_id].version == 2


@pytest.mark.parametrize("verified_before", [True, False])
async def test_a_reset_revokes_the_accounts_keys_and_nobody_elses(*, verified_before: bool) -> None:
    identity, store, user_id = await hijacked()
    other = await identity.open_account("kate@example.com")
    store.committed.users[user_id].role = store.committed.users[other].role = Role.ADMIN
    store.committed.users[user_id].email_verified = verified_before
    keys = [
        await a_key(identity, await an_actor(identity, user_id=owner), "catalog:read")
        for owner in (user_id, user_id, other)
    ]
    await reset(identity, store, "fifteen letters")
    revoked = [r for r in store.committed.audit_records if r.action == "api_key.revoked"]
    assert [(r.subject_id, r.after, r.principal) for r in revoked] == [
        (str(key.id), {"user_id": str(user_id)}, Principal("user", str(user_id)))
        for key in keys[:2]
    ]
    for key in keys[:2]:
        with pytest.raises(ApiKeyEndedError):
            await identity.authenticate(key.text)
    await identity.authenticate(keys[2].text)
