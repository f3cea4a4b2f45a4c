"""Setting a second factor up, doing without it again, and its recovery codes."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import pytest
from tests.support.aftermath import NOT_YOU, held, letters, notice, told
from tests.support.authority import Authenticator, challenged, with_second_factor
from tests.support.identity import START, identity_in_memory
from tests.support.letters import kinds

from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactor
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactor
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactor
from ecommerce.application.identity.second_factor.renew_recovery_codes import RenewRecoveryCodes
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.access_errors import (
    InvalidSecondFactorCodeError,
    SecondFactorExistsError,
    SecondFactorNotFoundError,
    WrongSecondFactorCodeError,
)
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.shared.ids import UserId

NOBODY = UserId(UUID(int=9))
STEP = timedelta(seconds=30)


async def test_beginning_keeps_a_sealed_secret_that_counts_for_nothing_yet() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    before = told(store)
    begun = await identity.begin_second_factor(
        BeginSecondFactor(actor=await identity.acting(user_id))
    )
    (factor,) = store.committed.second_factors.values()
    secret = Authenticator(begun.secret).secret
    assert identity.sealer.open(factor.sealed_secret, user_id) == secret
    assert secret not in factor.sealed_secret
    assert held(factor) == {
        "user_id": user_id,
        "sealed_secret": factor.sealed_secret,
        "created_at": START,
        "confirmed_at": None,
        "last_step": None,
        "recovery_hashes": frozenset(),
        "failures": 0,
        "failed_at": None,
        "step_up_failures": 0,
        "step_up_failed_at": None,
    }
    address = urlsplit(begun.address)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path).endswith("ada@example.com")
    assert parse_qs(address.query)["secret"] == [begun.secret]
    assert told(store) == before
    assert kinds(store) == ["verify_email"]
    await identity.sign_in()


async def test_beginning_again_makes_another_secret_until_one_is_confirmed() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    first = await identity.begin_second_factor(
        BeginSecondFactor(actor=await identity.acting(user_id))
    )
    await with_second_factor(identity, user_id)
    (factor,) = store.committed.second_factors.values()
    kept = identity.sealer.open(factor.sealed_secret, user_id)
    assert kept != Authenticator(first.secret).secret
    with pytest.raises(SecondFactorExistsError):
        await identity.begin_second_factor(BeginSecondFactor(actor=await identity.acting(user_id)))
    (after,) = store.committed.second_factors.values()
    assert held(after) == held(factor)


async def test_a_code_confirms_it_and_the_owner_is_told() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    begun = await identity.begin_second_factor(
        BeginSecondFactor(actor=await identity.acting(user_id))
    )
    (factor,) = store.committed.second_factors.values()
    identity.clock.move(timedelta(hours=2))
    now = identity.clock.now()
    code = Authenticator(begun.secret).code(now)
    codes = await identity.confirm_second_factor(
        ConfirmSecondFactor(actor=await identity.acting(user_id), code=f" {code[:3]} {code[3:]} ")
    )
    assert len(set(codes)) == 10
    (confirmed,) = store.committed.second_factors.values()
    assert held(confirmed) == {
        **held(factor),
        "confirmed_at": now,
        "last_step": int(now.timestamp()) // 30,
        "recovery_hashes": frozenset(map(identity.checks.recovery.hash, codes)),
    }
    owner = Principal("user", str(user_id))
    assert told(store)[1:] == [(owner, "second_factor.set", "user", str(user_id), None, None)]
    assert letters(store)[1:] == [
        notice(
            "second_factor_set",
            "A second factor",
            "A second factor was set on 2026-01-15 at 11:30 UTC: signing in to your account at"
            f" Teapots & Co asks for a code from now on. {NOT_YOU}",
            user_id,
            at=now,
        )
    ]
    token = await challenged(identity)
    with pytest.raises(WrongSecondFactorCodeError):
        await identity.second_step(LoginWithSecondFactor(challenge_token=token, code=code))


async def test_a_wrong_code_confirms_nothing_and_leaves_all_as_it_was() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    begun = await identity.begin_second_factor(
        BeginSecondFactor(actor=await identity.acting(user_id))
    )
    (factor,) = store.committed.second_factors.values()
    long_ago = Authenticator(begun.secret).code(START - 10 * STEP)
    for code in (long_ago, "", "no code"):
        with pytest.raises(InvalidSecondFactorCodeError) as refused:
            await identity.confirm_second_factor(
                ConfirmSecondFactor(actor=await identity.acting(user_id), code=code)
            )
        assert [violation.pointer for violation in refused.value.violations] == ["/code"]
    (after,) = store.committed.second_factors.values()
    assert held(after) == held(factor)
    assert kinds(store) == ["verify_email"]
    await identity.sign_in()


async def test_there_has_to_be_one_that_waits_to_be_confirmed() -> None:
    identity, _ = identity_in_memory()
    user_id = await identity.open_account()
    confirm = ConfirmSecondFactor(actor=await identity.acting(user_id), code="123456")
    with pytest.raises(SecondFactorNotFoundError):
        await identity.confirm_second_factor(confirm)
    authenticator, _codes = await with_second_factor(identity, user_id)
    identity.clock.move(STEP)
    again = ConfirmSecondFactor(
        actor=await identity.acting(user_id), code=authenticator.code(identity.clock.now())
    )
    with pytest.raises(SecondFactorExistsError):
        await identity.confirm_second_factor(again)


async def test_nobody_sets_one_up_or_removes_it_for_an_account_that_is_not_there() -> None:
    identity, store = identity_in_memory()
    with pytest.raises(SessionEndedError):
        await identity.begin_second_factor(BeginSecondFactor(actor=await identity.acting(NOBODY)))
    with pytest.raises(SessionEndedError):
        await identity.confirm_second_factor(
            ConfirmSecondFactor(actor=await identity.acting(NOBODY), code="123456")
        )
    with pytest.raises(SessionEndedError):
        await identity.remove_second_factor(RemoveSecondFactor(actor=await identity.acting(NOBODY)))
    with pytest.raises(SessionEndedError):
        await identity.renew_recovery_codes(RenewRecoveryCodes(actor=await identity.acting(NOBODY)))
    assert not store.committed.second_factors


async def test_without_it_the_password_is_enough_again_and_the_owner_is_told() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await with_second_factor(identity, user_id)
    said, sent = len(told(store)), len(letters(store))
    identity.clock.move(timedelta(hours=3))
    await identity.remove_second_factor(RemoveSecondFactor(actor=await identity.acting(user_id)))
    assert not store.committed.second_factors
    owner = Principal("user", str(user_id))
    assert told(store)[said:] == [
        (owner, "second_factor.removed", "user", str(user_id), None, None)
    ]
    assert letters(store)[sent:] == [
        notice(
            "second_factor_removed",
            "No second factor any more",
            "Signing in to your account at Teapots & Co asks for the password alone again, on"
            f" 2026-01-15 at 12:30 UTC. {NOT_YOU}",
            user_id,
            at=START + timedelta(hours=3),
        )
    ]
    await identity.sign_in()
    with pytest.raises(SecondFactorNotFoundError):
        await identity.remove_second_factor(
            RemoveSecondFactor(actor=await identity.acting(user_id))
        )


async def test_one_that_never_counted_goes_without_a_word() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.begin_second_factor(BeginSecondFactor(actor=await identity.acting(user_id)))
    before = told(store)
    await identity.remove_second_factor(RemoveSecondFactor(actor=await identity.acting(user_id)))
    assert not store.committed.second_factors
    assert told(store) == before
    assert kinds(store) == ["verify_email"]


async def test_other_recovery_codes_are_the_only_ones_from_then_on() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    _, old = await with_second_factor(identity, user_id)
    (factor,) = store.committed.second_factors.values()
    said, sent = len(told(store)), len(letters(store))
    identity.clock.move(timedelta(hours=3))
    new = await identity.renew_recovery_codes(
        RenewRecoveryCodes(actor=await identity.acting(user_id))
    )
    assert len(set(new)) == 10
    assert not set(new) & set(old)
    (renewed,) = store.committed.second_factors.values()
    assert held(renewed) == {
        **held(factor),
        "recovery_hashes": frozenset(map(identity.checks.recovery.hash, new)),
    }
    owner = Principal("user", str(user_id))
    assert told(store)[said:] == [
        (owner, "second_factor.recovery_codes_renewed", "user", str(user_id), None, None)
    ]
    assert letters(store)[sent:] == [
        notice(
            "recovery_codes_renewed",
            "Other recovery codes",
            "The recovery codes of your account at Teapots & Co were replaced by others, on"
            f" 2026-01-15 at 12:30 UTC. {NOT_YOU}",
            user_id,
            at=START + timedelta(hours=3),
        )
    ]


async def test_only_one_that_counts_has_recovery_codes() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    for _ in range(2):
        with pytest.raises(SecondFactorNotFoundError):
            await identity.renew_recovery_codes(
                RenewRecoveryCodes(actor=await identity.acting(user_id))
            )
        await identity.begin_second_factor(BeginSecondFactor(actor=await identity.acting(user_id)))
    (factor,) = store.committed.second_factors.values()
    assert factor.recovery_hashes == frozenset()
