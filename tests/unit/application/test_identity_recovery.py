"""Getting an account back by mail, whoever set it up before."""

import pytest
from tests.support.authority import a_key, an_actor, challenged, with_second_factor
from tests.support.identity import Identity, identity_in_memory
from tests.support.letters import forget, kinds, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.access_errors import ApiKeyEndedError
from ecommerce.domain.identity.errors import EmailAlreadyVerifiedError, WeakPasswordError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId

OWNERS = "patterns of algebra"


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
    await identity.begin_second_factor(BeginSecondFactor(user_id=user_id))
    await reset(identity, store)
    assert store.committed.second_factors == {}
    assert kinds(store) == ["verify_email", "reset_password", "password_changed"]


async def test_what_the_owner_of_a_verified_address_set_up_stays() -> None:
    identity, store, user_id = await hijacked()
    await verify(identity, store)
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
