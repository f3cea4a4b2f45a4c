"""Whom an access token and an API key stand for, and what that caller may do at that moment."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.authority import (
    a_key,
    a_role,
    an_actor,
    change,
    give,
    make,
    with_second_factor,
)
from tests.support.clocks import SCRIBE
from tests.support.identity import START, identity_in_memory, identity_over

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKey
from ecommerce.application.identity.queries import KeyHolder, Standing
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.application.shared.actor import Actor
from ecommerce.domain.identity.access_errors import ApiKeyEndedError
from ecommerce.domain.identity.errors import InvalidTokenError
from ecommerce.domain.identity.permissions import FOR_MACHINES
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, UserId

A_MOMENT = timedelta(milliseconds=1)
KEY, MAKER = ApiKeyId(UUID(int=4)), UserId(UUID(int=7))


async def test_who_signed_in_is_known_with_what_they_hold() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    await give(identity, user_id, await a_role(identity, "Looks", "catalog:read", "users:read"))
    tokens = await identity.sign_in()
    (session,) = [s for s in store.committed.sessions.values() if s.user_id == user_id]
    assert await identity.authenticate(tokens.access_token) == Actor(
        user_id=user_id,
        session_id=session.id,
        role="staff",
        permissions=frozenset({"catalog:read", "users:read"}),
        api_key_id=None,
        proved=True,
        lacks_second_factor=False,
    )


async def test_signing_in_is_a_proof_for_a_quarter_of_an_hour() -> None:
    identity, _ = identity_in_memory()
    await identity.open_account()
    first = await identity.sign_in()
    identity.clock.move(timedelta(minutes=9))
    tokens = await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    identity.clock.move(timedelta(minutes=6) - A_MOMENT)
    assert (await identity.authenticate(tokens.access_token)).proved
    identity.clock.move(A_MOMENT)
    assert not (await identity.authenticate(tokens.access_token)).proved


async def test_how_long_a_proof_is_good_can_be_set() -> None:
    identity, _ = identity_in_memory()
    await identity.open_account()
    token = (await identity.sign_in()).access_token
    strict = replace(identity.authenticate, step_up=timedelta(minutes=1))
    identity.clock.move(timedelta(minutes=1) - A_MOMENT)
    assert (await strict(token)).proved
    identity.clock.move(A_MOMENT)
    assert not (await strict(token)).proved
    assert (await identity.authenticate(token)).proved


async def test_a_session_that_never_proved_who_it_is_has_not() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    tokens = await identity.sign_in()
    (session,) = store.committed.sessions.values()
    session.proved_at = None
    assert not (await identity.authenticate(tokens.access_token)).proved


async def test_a_key_stands_for_its_maker_with_what_it_was_given() -> None:
    identity, _ = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await a_key(
        identity, await an_actor(identity, user_id=user_id), "catalog:write", "metrics:read"
    )
    assert await identity.authenticate(made.text) == Actor(
        user_id=user_id,
        session_id=None,
        role="admin",
        permissions=frozenset({"catalog:write", "metrics:read"}),
        api_key_id=made.id,
        proved=False,
        lacks_second_factor=False,
    )


async def test_a_key_holds_no_more_than_its_maker_at_each_moment() -> None:
    identity, _ = identity_in_memory()
    user_id = await make(identity, Role.STAFF, "ada@example.com")
    broad = await a_role(identity, "Broad", "catalog:read", "catalog:write", "api_keys:write")
    narrow = await a_role(identity, "Narrow", "catalog:read", "audit:read")
    await give(identity, user_id, broad)
    made = await a_key(
        identity, await an_actor(identity, user_id=user_id), "catalog:read", "catalog:write"
    )

    async def held() -> frozenset[str]:
        return (await identity.authenticate(made.text)).permissions

    assert await held() == {"catalog:read", "catalog:write"}
    await give(identity, user_id, narrow)
    assert await held() == {"catalog:read"}
    await change(identity, user_id, role=Role.CUSTOMER)
    assert await held() == frozenset()
    await change(identity, user_id, role=Role.ADMIN)
    assert await held() == {"catalog:read", "catalog:write"}


async def test_a_key_whose_row_holds_what_is_for_people_does_not_hold_it() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")
    for more in ("roles:write", "users:write", "api_keys:write"):
        store.committed.api_keys[made.id].permissions |= {more}
    held = (await identity.authenticate(made.text)).permissions
    assert held == {"catalog:read"} <= FOR_MACHINES


async def test_the_use_of_a_key_is_noted_once_a_minute() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")
    other = await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")
    assert not store.committed.api_key_uses
    await identity.authenticate(made.text)
    assert store.committed.api_key_uses == {made.id: START}
    identity.clock.move(timedelta(minutes=1) - A_MOMENT)
    await identity.authenticate(made.text)
    assert store.committed.api_key_uses == {made.id: START}
    identity.clock.move(A_MOMENT)
    await identity.authenticate(made.text)
    await identity.authenticate(other.text)
    later = START + timedelta(minutes=1)
    assert store.committed.api_key_uses == {made.id: later, other.id: later}


async def test_a_key_that_ended_opens_nothing_and_its_use_is_not_noted() -> None:
    identity, store = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    actor = await an_actor(identity, user_id=user_id)
    revoked, lasting = [await a_key(identity, actor, "catalog:read") for _ in range(2)]
    unknown = identity.api_key_tokens.new()
    await identity.revoke_api_key(RevokeApiKey(actor=actor, key_id=revoked.id))

    for text in (revoked.text, unknown.text):
        with pytest.raises(ApiKeyEndedError):
            await identity.authenticate(text)
    await change(identity, user_id, disabled=True)
    with pytest.raises(ApiKeyEndedError):
        await identity.authenticate(lasting.text)
    await change(identity, user_id, disabled=False)
    identity.clock.move(timedelta(days=30))
    with pytest.raises(ApiKeyEndedError):
        await identity.authenticate(lasting.text)
    assert not store.committed.api_key_uses
    identity.clock.move(-A_MOMENT)
    assert (await identity.authenticate(lasting.text)).api_key_id == lasting.id


async def test_a_mistyped_key_is_told_from_one_that_ended() -> None:
    identity, _ = identity_in_memory()
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    made = await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")
    last = "0" if made.text[-1] != "0" else "1"
    for wrong in (made.text[:-1] + last, made.text[:-1], "ek_live_", "ek_test_x"):
        with pytest.raises(InvalidTokenError):
            await identity.authenticate(wrong)


@pytest.mark.parametrize(
    ("role", "wanted"), [(Role.CUSTOMER, False), (Role.STAFF, True), (Role.ADMIN, True)]
)
async def test_who_works_here_lacks_a_second_factor_where_the_shop_wants_one(
    role: Role, *, wanted: bool
) -> None:
    store = MemoryStore()
    identity = identity_over(InMemoryTransactions(store, SCRIBE), store, staff_second_factor=True)
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    token = (await identity.sign_in()).access_token
    key = await a_key(identity, await an_actor(identity, user_id=user_id), "catalog:read")
    await change(identity, user_id, role=role)
    lenient = replace(identity.authenticate, staff_second_factor=False)

    async def lacking() -> list[bool]:
        callers = [await identity.authenticate(text) for text in (token, key.text)]
        assert len({caller.has_second_factor for caller in callers}) == 1
        return [caller.lacks_second_factor for caller in callers]

    assert await lacking() == [wanted, wanted]
    assert not (await lenient(token)).lacks_second_factor
    assert not (await identity.authenticate(token)).has_second_factor
    await with_second_factor(identity, user_id)
    assert await lacking() == [False, False]
    assert (await identity.authenticate(token)).has_second_factor


@pytest.mark.parametrize(
    ("disabled", "revoked", "after", "good"),
    [
        (False, False, timedelta(0), True),
        (False, False, timedelta(days=1) - A_MOMENT, True),
        (False, False, timedelta(days=1), False),
        (True, False, timedelta(0), False),
        (False, True, timedelta(0), False),
        (True, True, timedelta(days=1), False),
    ],
)
def test_a_key_is_good_while_it_lasts_and_its_maker_may_sign_in(
    disabled: bool, revoked: bool, after: timedelta, *, good: bool
) -> None:
    maker = Standing(
        user_id=MAKER,
        role=Role.ADMIN,
        disabled=disabled,
        given=frozenset(),
        has_second_factor=False,
    )
    holder = KeyHolder(
        key_id=KEY,
        account=maker,
        permissions=frozenset({"catalog:read"}),
        expires_at=START + timedelta(days=1),
        revoked_at=START if revoked else None,
        last_used_at=None,
    )
    assert holder.is_good(START + after) is good
