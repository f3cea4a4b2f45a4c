"""What is done with tokens that came by mail: by the state it leaves."""

from datetime import timedelta

import pytest
from tests.support.identity import PASSWORD, START, Identity, identity_in_memory
from tests.support.letters import forget, kinds, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.ask_password_reset import AskPasswordReset
from ecommerce.application.identity.change_password import ChangePassword
from ecommerce.application.identity.resend_verification import ResendVerification
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import (
    EmailAlreadyVerifiedError,
    InvalidCredentialsError,
    SessionEndedError,
    UnusableTokenError,
    WeakPasswordError,
    WrongPasswordError,
)
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.shared.ids import UserId

ANOTHER = "patterns of algebra"


async def asked_to_verify() -> tuple[Identity, MemoryStore, UserId, str]:
    identity, store = identity_in_memory()
    user_id = await identity.open_account("Ada@Example.com", "Ada")
    (mail,) = written(store, "verify_email")
    return identity, store, user_id, token_in(mail)


async def asked_to_reset() -> tuple[Identity, MemoryStore, UserId, str]:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await forget(identity)
    (mail,) = written(store, "reset_password")
    return identity, store, user_id, token_in(mail)


async def test_registering_asks_whose_address_it_is() -> None:
    _, store, user_id, token = await asked_to_verify()
    (mail,) = written(store)
    assert (mail.to, mail.account) == ("Ada@Example.com", user_id)
    assert mail.subject == "Teapots & Co: Is this your address?"
    assert mail.link == f"https://shop.test/verify-email#token={token}"
    assert mail.expires_at == START + timedelta(hours=24)
    (kept,) = store.committed.mailed_tokens.values()
    assert token.encode() not in kept.token_hash
    assert len(kept.token_hash) == 32


async def test_an_address_is_verified_once() -> None:
    identity, store, user_id, token = await asked_to_verify()
    await identity.verify_email(VerifyEmail(token=token))
    user = store.committed.users[user_id]
    assert (user.email_verified, user.version) == (True, 2)
    assert kinds(store) == ["verify_email", "email_verified"]
    with pytest.raises(UnusableTokenError):
        await identity.verify_email(VerifyEmail(token=token))
    with pytest.raises(EmailAlreadyVerifiedError):
        await identity.resend_verification(ResendVerification(actor=await identity.acting(user_id)))
    assert user.version == store.committed.users[user_id].version


async def test_a_token_is_bound_to_its_purpose_time_and_address() -> None:
    identity, store, user_id, token = await asked_to_verify()
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(ResetPassword(token=token, password=ANOTHER))
    store.committed.users[user_id].email = Email("other@example.com")
    with pytest.raises(UnusableTokenError):
        await identity.verify_email(VerifyEmail(token=token))
    store.committed.users[user_id].email = Email("ada@example.com")
    identity.clock.move(timedelta(hours=24))
    with pytest.raises(UnusableTokenError):
        await identity.verify_email(VerifyEmail(token=token))
    identity.clock.move(-timedelta(milliseconds=1))
    await identity.verify_email(VerifyEmail(token=token))


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 43])
async def test_tokens_that_are_none(token: str) -> None:
    identity, _, _, _ = await asked_to_verify()
    with pytest.raises(UnusableTokenError):
        await identity.verify_email(VerifyEmail(token=token))
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(ResetPassword(token=token, password=ANOTHER))


async def test_asking_does_the_same_whoever_has_the_address() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    before = kinds(store)
    for email in ("ada@example.com", "nobody@example.com"):
        await identity.ask_password_reset(AskPasswordReset(email=email))
    assert kinds(store) == before
    assert [r.email.value for r in store.committed.reset_requests.values()] == [
        "ada@example.com",
        "nobody@example.com",
    ]
    await identity.ask_password_reset(AskPasswordReset(email="no address"))
    assert len(store.committed.reset_requests) == 2


async def test_only_who_has_the_address_is_answered() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    off = await identity.open_account("off@example.com")
    store.committed.users[off].disabled = True
    for email in ("nobody@example.com", "ADA@example.com", "off@example.com"):
        await forget(identity, email)
    assert [mail.to for mail in written(store, "reset_password")] == ["ada@example.com"]
    assert not store.committed.reset_requests
    assert await identity.answer_reset_request() is False


async def test_a_reset_replaces_the_password_and_signs_everybody_out() -> None:
    identity, store, user_id, token = await asked_to_reset()
    tokens = await identity.sign_in()
    await identity.reset_password(ResetPassword(token=token, password=ANOTHER))
    with pytest.raises(SessionEndedError):
        await identity.authenticate(tokens.access_token)
    with pytest.raises(InvalidCredentialsError):
        await identity.sign_in()
    await identity.sign_in(password=ANOTHER)
    assert kinds(store)[-1] == "password_changed"
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(ResetPassword(token=token, password="a third password"))
    assert store.committed.users[user_id].password_hash == f"v1:{ANOTHER}"


async def test_a_password_that_will_not_do_costs_no_token() -> None:
    identity, store, user_id, token = await asked_to_reset()
    for weak in ("short", "password123", "ada@example.com"):
        with pytest.raises(WeakPasswordError):
            await identity.reset_password(ResetPassword(token=token, password=weak))
    assert store.committed.users[user_id].password_hash == f"v1:{PASSWORD}"
    await identity.reset_password(ResetPassword(token=token, password=ANOTHER))


async def test_a_reset_lasts_half_an_hour_and_helps_nobody_who_is_disabled() -> None:
    identity, store, user_id, token = await asked_to_reset()
    store.committed.users[user_id].disabled = True
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(ResetPassword(token=token, password=ANOTHER))
    store.committed.users[user_id].disabled = False
    identity.clock.move(timedelta(minutes=30))
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(ResetPassword(token=token, password=ANOTHER))


async def change(
    identity: Identity, store: MemoryStore, current: str = PASSWORD, new: str = ANOTHER
) -> None:
    session = list(store.committed.sessions.values())[-1]
    await identity.change_password(
        ChangePassword(
            user_id=session.user_id,
            session_id=session.id,
            current_password=current,
            new_password=new,
        )
    )


async def test_changing_the_password_ends_every_other_session_and_a_reset() -> None:
    identity, store, _, token = await asked_to_reset()
    other = await identity.sign_in()
    own = await identity.sign_in()
    await change(identity, store)
    await identity.authenticate(own.access_token)
    with pytest.raises(SessionEndedError):
        await identity.authenticate(other.access_token)
    reasons = [session.end_reason for session in store.committed.sessions.values()]
    assert reasons == [EndReason.PASSWORD_CHANGED, None]
    assert kinds(store)[-1] == "password_changed"
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(ResetPassword(token=token, password="a third password"))
    await identity.sign_in(password=ANOTHER)


async def test_a_password_is_not_changed_without_the_present_one() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    other, own = await identity.sign_in(), await identity.sign_in()
    with pytest.raises(WrongPasswordError):
        await change(identity, store, current="a wrong one")
    refused = store.committed.audit_records[-1]
    assert (refused.action, refused.subject_id, refused.after) == (
        "user.password_change_refused",
        str(user_id),
        None,
    )
    for weak in ("short", "password123", "teapots & co"):
        with pytest.raises(WeakPasswordError):
            await change(identity, store, new=weak)
    assert store.committed.users[user_id].password_hash == f"v1:{PASSWORD}"
    for tokens in (other, own):
        await identity.authenticate(tokens.access_token)
    assert kinds(store) == ["verify_email"]


async def test_a_hash_renewed_meanwhile_is_looked_at_again() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.sign_in()
    verify, looks = identity.hasher.verify, 0

    async def and_rehash(password: str, password_hash: str | None) -> bool:
        nonlocal looks
        looks += 1
        found = await verify(password, password_hash)
        if looks == 1:
            store.committed.users[user_id].password_hash = f"v2:{PASSWORD}"
        return found

    identity.hasher.verify = and_rehash  # type: ignore[method-assign]
    await change(identity, store)
    assert looks == 2
    assert store.committed.users[user_id].password_hash == f"v1:{ANOTHER}"


async def test_what_another_change_replaced_is_wrong() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.sign_in()
    verify = identity.hasher.verify

    async def and_lose(password: str, password_hash: str | None) -> bool:
        found = await verify(password, password_hash)
        store.committed.users[user_id].password_hash = "v1:somebody else's"
        return found

    identity.hasher.verify = and_lose  # type: ignore[method-assign]
    with pytest.raises(WrongPasswordError):
        await change(identity, store)
    assert store.committed.users[user_id].password_hash == "v1:somebody else's"
