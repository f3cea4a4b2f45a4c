"""Where the password alone is not enough: what is handed out, kept and written down instead."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from tests.support.authority import with_second_factor
from tests.support.identity import PASSWORD, START, identity_in_memory

from ecommerce.application.identity.login import Login
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactor
from ecommerce.application.shared.origin import THE_SHOP
from ecommerce.domain.identity.access_errors import SecondFactorRequiredError


async def test_the_right_password_gives_a_challenge_and_no_session() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await with_second_factor(identity, user_id)
    with pytest.raises(SecondFactorRequiredError) as refused:
        await identity.sign_in()
    token = refused.value.members["challenge_token"]
    assert isinstance(token, str)
    assert refused.value.members == {"challenge_token": token, "challenge_expires_in": 300}
    assert refused.value.detail == (
        "The password is right; a code of the second factor is needed, too."
    )
    (challenge,) = store.committed.login_challenges.values()
    assert asdict(challenge) == {
        "token_hash": identity.secrets.hash(token),
        "user_id": user_id,
        "user_version": store.committed.users[user_id].version,
        "created_at": START,
        "expires_at": START + timedelta(minutes=5),
        "attempts": 0,
    }
    assert not store.committed.sessions


async def test_a_challenge_is_written_down_as_nobodys_doing() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await with_second_factor(identity, user_id)
    with pytest.raises(SecondFactorRequiredError):
        await identity.sign_in()
    record = store.committed.audit_records[-1]
    assert (record.action, record.subject_type, record.subject_id) == (
        "sign_in.code_wanted",
        "user",
        str(user_id),
    )
    assert (record.before, record.after, record.principal) == (None, None, THE_SHOP.principal)


async def test_each_right_password_gives_a_challenge_of_its_own() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await with_second_factor(identity, user_id)
    tokens = set()
    for _ in range(2):
        with pytest.raises(SecondFactorRequiredError) as refused:
            await identity.login(Login(email="ada@example.com", password=PASSWORD))
        tokens.add(refused.value.members["challenge_token"])
    assert len(tokens) == len(store.committed.login_challenges) == 2


async def test_a_second_factor_that_was_only_begun_is_not_asked_for() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.begin_second_factor(BeginSecondFactor(actor=await identity.acting(user_id)))
    tokens = await identity.sign_in()
    assert (await identity.authenticate(tokens.access_token)).user_id == user_id
    assert not store.committed.login_challenges


async def test_an_old_hash_is_strengthened_by_the_right_password_alone() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    authenticator, _ = await with_second_factor(identity, user_id)
    identity.hasher.parameters = "v2"
    with pytest.raises(SecondFactorRequiredError) as refused:
        await identity.sign_in()
    assert store.committed.users[user_id].password_hash == f"v2:{PASSWORD}"
    identity.clock.move(timedelta(seconds=30))
    signed_in = await identity.second_step(
        LoginWithSecondFactor(
            challenge_token=str(refused.value.members["challenge_token"]),
            code=authenticator.code(identity.clock.now()),
        )
    )
    assert (await identity.authenticate(signed_in.access_token)).user_id == user_id
