"""Whoever changes accounts, roles and keys is judged once more where it is done."""

from dataclasses import replace
from uuid import UUID

import pytest
from tests.support.acts import ACTS, a_scene
from tests.support.identity import identity_in_memory

from ecommerce.application.identity.logout import Logout
from ecommerce.domain.identity.access_errors import ApiKeyNotAllowedError
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.shared.ids import ApiKeyId, SessionId

OF_THEMSELVES = frozenset({"change the password", "step up"})
"""What takes a session and no actor."""


@pytest.mark.parametrize("name", ACTS)
async def test_in_its_scene_it_is_done(name: str) -> None:
    identity, store = identity_in_memory()
    scene = await a_scene(identity, name)
    before = store.committed
    await ACTS[name](scene)
    assert store.committed is not before


@pytest.mark.parametrize("name", ACTS)
async def test_whoever_signed_out_meanwhile_does_nothing(name: str) -> None:
    identity, store = identity_in_memory()
    scene = await a_scene(identity, name)
    await identity.logout(Logout(refresh_token=scene.refresh_token))
    before = store.committed
    with pytest.raises(SessionEndedError):
        await ACTS[name](scene)
    assert store.committed is before


@pytest.mark.parametrize("name", ACTS)
async def test_whoever_was_disabled_meanwhile_does_nothing(name: str) -> None:
    identity, store = identity_in_memory()
    scene = await a_scene(identity, name)
    store.committed.users[scene.actor.user_id].disabled = True
    before = store.committed
    with pytest.raises(SessionEndedError):
        await ACTS[name](scene)
    assert store.committed is before


@pytest.mark.parametrize("name", ACTS)
async def test_a_session_is_good_for_the_account_that_has_it(name: str) -> None:
    identity, store = identity_in_memory()
    scene = await a_scene(identity, name)
    others = SessionId(UUID(int=8))
    store.committed.sessions[others] = replace(
        store.committed.sessions[scene.session_id], id=others, user_id=scene.staff
    )
    scene.actor = replace(scene.actor, session_id=others)
    scene.session_id = others
    before = store.committed
    with pytest.raises(SessionEndedError):
        await ACTS[name](scene)
    assert store.committed is before


@pytest.mark.parametrize("name", sorted(ACTS.keys() - OF_THEMSELVES))
async def test_no_machine_does_any_of_it(name: str) -> None:
    identity, store = identity_in_memory()
    scene = await a_scene(identity, name)
    key = ApiKeyId(UUID(int=4))
    scene.actor = replace(scene.actor, session_id=None, api_key_id=key)
    before = store.committed
    with pytest.raises(ApiKeyNotAllowedError):
        await ACTS[name](scene)
    assert store.committed is before
