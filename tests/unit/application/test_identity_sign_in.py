"""Registering, signing in and out, staying signed in: by the state they leave."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.identity import PASSWORD, START, identity_in_memory

from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.logout import Logout
from ecommerce.application.identity.ports import PublicKey
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.domain.identity.errors import (
    EmailTakenError,
    InvalidCredentialsError,
    InvalidEmailError,
    InvalidTokenError,
    SessionEndedError,
    TokenReplayedError,
    WeakPasswordError,
)
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import SessionId, UserId


async def test_registering_opens_a_customers_account() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account("Ada@Example.com", "Ada")
    user = store.committed.users[user_id]
    assert (user.email.value, user.full_name, user.role) == (
        "Ada@Example.com",
        "Ada",
        Role.CUSTOMER,
    )
    assert user.created_at == START
    assert PASSWORD in user.password_hash
    assert user_id.int >> 80 == round(START.timestamp() * 1000)


async def test_one_account_for_each_address() -> None:
    identity, store = identity_in_memory()
    await identity.open_account("kate@example.com")
    with pytest.raises(EmailTakenError):
        await identity.open_account("\u212aATE@example.com")
    assert len(store.committed.users) == 1


async def test_what_is_refused_leaves_nothing() -> None:
    identity, store = identity_in_memory()
    with pytest.raises(InvalidEmailError):
        await identity.open_account("not an address")
    with pytest.raises(WeakPasswordError):
        await identity.choose_password("PASSWORD123")
    with pytest.raises(WeakPasswordError):
        await identity.choose_password("a" * 14, Role.STAFF)
    assert not store.committed.users


async def test_a_breached_password_cannot_be_chosen() -> None:
    identity, store = identity_in_memory()
    with pytest.raises(WeakPasswordError, match="breach"):
        await identity.choose_password("Correct horse battery staple")
    await identity.choose_password("correct horse battery staple")
    assert not store.committed.users


async def test_signing_in_starts_a_session() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    tokens = await identity.sign_in("ADA@example.com")
    assert tokens.expires_in == 600
    assert tokens.refresh_expires_in == 30 * 24 * 3600
    (session,) = store.committed.sessions.values()
    assert (session.user_id, session.created_at) == (user_id, START)
    assert session.expires_at == START + timedelta(days=30)
    (token_hash,) = store.committed.refresh_tokens
    assert token_hash == identity.secrets.hash(tokens.refresh_token)
    actor = await identity.authenticate(tokens.access_token)
    assert (actor.user_id, actor.session_id) == (user_id, session.id)
    assert (actor.role, actor.permissions) == ("customer", frozenset())


async def test_all_that_cannot_sign_in_reads_alike_and_costs_one_verification() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    disabled = await identity.open_account("off@example.com")
    store.committed.users[disabled].disabled = True
    said = set()
    for email, password in [
        ("ada@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("off@example.com", PASSWORD),
        ("off@example.com", "wrong"),
    ]:
        before = identity.hasher.verified
        with pytest.raises(InvalidCredentialsError) as refused:
            await identity.sign_in(email, password)
        assert identity.hasher.verified == before + 1, email
        said.add(refused.value.detail)
    assert len(said) == 1
    assert not store.committed.sessions


async def test_signing_in_strengthens_an_old_hash() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    identity.hasher.parameters = "v2"
    await identity.sign_in()
    user = store.committed.users[user_id]
    assert user.password_hash == f"v2:{PASSWORD}"
    assert user.version == 1
    await identity.sign_in()


async def test_a_password_changed_while_it_was_verified_is_wrong() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()

    async def verify(password: str, password_hash: str | None) -> bool:
        found = password_hash == f"v1:{password}"
        store.committed.users[user_id].password_hash = "v1:another one"
        return found

    identity.hasher.verify = verify  # type: ignore[method-assign]
    with pytest.raises(InvalidCredentialsError):
        await identity.sign_in()
    assert not store.committed.sessions


async def test_refreshing_replaces_both_tokens_and_prolongs_the_session() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    first = await identity.sign_in()
    identity.clock.move(timedelta(days=20))
    second = await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    assert second.refresh_token != first.refresh_token
    assert (await identity.authenticate(second.access_token)).role == "customer"
    identity.clock.move(timedelta(days=20))
    await identity.refresh(RefreshSession(refresh_token=second.refresh_token))
    assert len(store.committed.sessions) == 1


async def test_a_session_ends_at_some_time_however_often_it_is_refreshed() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    tokens = await identity.sign_in()
    for _ in range(4):
        identity.clock.move(timedelta(days=22))
        tokens = await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    (session,) = store.committed.sessions.values()
    assert session.expires_at == START + timedelta(days=90)
    assert tokens.refresh_expires_in == 2 * 24 * 3600
    identity.clock.move(timedelta(days=2) - timedelta(minutes=1))
    tokens = await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    await identity.authenticate(tokens.access_token)
    identity.clock.move(timedelta(minutes=1))
    with pytest.raises(SessionEndedError):
        await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    with pytest.raises(SessionEndedError):
        await identity.authenticate(tokens.access_token)
    await identity.sign_in()


async def test_a_replayed_refresh_token_ends_its_family() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    other = await identity.sign_in()
    first = await identity.sign_in()
    second = await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    with pytest.raises(TokenReplayedError):
        await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    with pytest.raises(SessionEndedError):
        await identity.refresh(RefreshSession(refresh_token=second.refresh_token))
    for tokens in (first, second):
        with pytest.raises(SessionEndedError):
            await identity.authenticate(tokens.access_token)
    reasons = [session.end_reason for session in store.committed.sessions.values()]
    assert reasons == [None, EndReason.TOKEN_REPLAYED]
    await identity.authenticate(other.access_token)


async def test_refresh_tokens_that_are_not_good() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    tokens = await identity.sign_in()
    with pytest.raises(InvalidTokenError):
        await identity.refresh(RefreshSession(refresh_token="unknown"))
    with pytest.raises(InvalidTokenError):
        await identity.refresh(RefreshSession(refresh_token=tokens.access_token))
    store.committed.users[user_id].disabled = True
    with pytest.raises(SessionEndedError):
        await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    store.committed.users[user_id].disabled = False
    identity.clock.move(timedelta(days=30))
    with pytest.raises(SessionEndedError):
        await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    (token,) = store.committed.refresh_tokens.values()
    assert token.used_at is None


async def test_signing_out_ends_one_session_at_once() -> None:
    identity, _ = identity_in_memory()
    await identity.open_account()
    other = await identity.sign_in()
    tokens = await identity.sign_in()
    await identity.logout(Logout(refresh_token=tokens.refresh_token))
    with pytest.raises(SessionEndedError):
        await identity.authenticate(tokens.access_token)
    with pytest.raises(SessionEndedError):
        await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    await identity.authenticate(other.access_token)


async def test_signing_out_is_never_an_error() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    first = await identity.sign_in()
    await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    await identity.logout(Logout(refresh_token="unknown"))
    await identity.logout(Logout(refresh_token=first.refresh_token))
    await identity.logout(Logout(refresh_token=first.refresh_token))
    (session,) = store.committed.sessions.values()
    assert session.end_reason is EndReason.LOGGED_OUT


async def test_disabling_and_a_new_role_work_at_once() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    tokens = await identity.sign_in()
    store.committed.users[user_id].role = Role.STAFF
    actor = await identity.authenticate(tokens.access_token)
    assert actor.may("catalog:write")
    assert not actor.may("users:read")
    store.committed.users[user_id].disabled = True
    with pytest.raises(SessionEndedError):
        await identity.authenticate(tokens.access_token)


async def test_access_ends_with_the_token_and_with_the_session() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    tokens = await identity.sign_in()
    (session,) = store.committed.sessions.values()
    session.expires_at = START + timedelta(minutes=5)
    identity.clock.move(timedelta(minutes=5))
    with pytest.raises(SessionEndedError):
        await identity.authenticate(tokens.access_token)
    session.expires_at = START + timedelta(days=1)
    await identity.authenticate(tokens.access_token)
    identity.clock.move(timedelta(minutes=5, seconds=30))
    with pytest.raises(InvalidTokenError):
        await identity.authenticate(tokens.access_token)


async def test_a_token_of_nobodys_session() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.sign_in()
    (session,) = store.committed.sessions.values()
    stranger = UserId(UUID(int=9))
    of_another = identity.access_tokens.issue(stranger, session.id, START)
    with pytest.raises(InvalidTokenError):
        await identity.authenticate(of_another.token)
    of_none = identity.access_tokens.issue(user_id, SessionId(UUID(int=9)), START)
    with pytest.raises(SessionEndedError):
        await identity.authenticate(of_none.token)


async def test_keys_are_shown_as_they_are_at_that_moment() -> None:
    identity, _ = identity_in_memory()
    asked: list[datetime] = []

    class Keys:
        def public_keys(self, now: datetime) -> tuple[PublicKey, ...]:
            asked.append(now)
            return identity.keys.public_keys(now)

    shown = await ListPublicKeysHandler(Keys(), identity.clock)()
    assert asked == [identity.clock.instant]
    assert shown == identity.keys.public_keys(identity.clock.instant)
    assert shown
