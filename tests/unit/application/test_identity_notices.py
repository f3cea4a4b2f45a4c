"""What owners are told of by mail, and what never stands in it."""

from datetime import timedelta

import pytest
from tests.support.identity import PASSWORD, Identity, identity_in_memory
from tests.support.letters import forget, kinds, written

from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.end_session import EndSession
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.errors import (
    InvalidCredentialsError,
    SessionEndedError,
    SessionNotFoundError,
    TokenReplayedError,
)
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.shared.ids import SessionId

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
HOME, ELSEWHERE = Client(FIREFOX, "203.0.113.7"), Client(FIREFOX, "198.51.100.9")


async def sign_in(identity: Identity, client: Client, password: str = PASSWORD) -> SignedIn:
    return await identity.login(Login(email="ada@example.com", password=password, client=client))


async def test_a_new_client_is_news_and_the_first_one_is_not() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await sign_in(identity, HOME)
    await sign_in(identity, HOME)
    assert kinds(store) == ["verify_email"]
    await sign_in(identity, ELSEWHERE)
    await sign_in(identity, ELSEWHERE)
    (notice,) = written(store, "new_sign_in")
    assert (notice.to, notice.account) == ("ada@example.com", user_id)
    assert "Firefox on Linux from 198.51.100.9, on 2026-01-15 at 09:30 UTC" in notice.body
    sessions = list(store.committed.sessions.values())
    assert [session.client for session in sessions] == [HOME, HOME, ELSEWHERE, ELSEWHERE]


async def test_who_does_not_get_in_is_no_news() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    await sign_in(identity, HOME)
    with pytest.raises(InvalidCredentialsError):
        await sign_in(identity, ELSEWHERE, "wrong")
    assert kinds(store) == ["verify_email"]
    await sign_in(identity, ELSEWHERE)
    assert kinds(store)[-1] == "new_sign_in"


async def test_a_replay_is_told() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    first = await sign_in(identity, HOME)
    identity.clock.move(timedelta(minutes=5))
    await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    (session,) = store.committed.sessions.values()
    assert session.last_used_at == session.created_at + timedelta(minutes=5)
    for refusal in (TokenReplayedError, SessionEndedError):
        with pytest.raises(refusal):
            await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    assert kinds(store) == ["verify_email", "session_replayed"]


async def test_a_password_set_by_the_operator_is_told() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    await identity.create_admin(CreateAdmin(email="ada@example.com"))
    assert kinds(store) == ["verify_email"]
    await identity.create_admin(
        CreateAdmin(email="ada@example.com", password="a password as long as it takes")
    )
    assert kinds(store)[-1] == "password_changed"


async def test_no_letter_says_what_somebody_else_could_have_chosen() -> None:
    identity, store = identity_in_memory()
    await identity.open_account(full_name="You won: evil.example")
    await sign_in(identity, HOME)
    await sign_in(identity, Client("Visit evil.example", "evil.example"))
    await forget(identity)
    assert len(written(store)) == 3
    for mail in written(store):
        said = mail.subject + mail.body
        assert "evil" not in said
        assert PASSWORD not in said
        assert "v1:" not in said


async def test_only_letters_with_a_link_carry_a_token() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    first = await sign_in(identity, HOME)
    await sign_in(identity, ELSEWHERE)
    await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    with pytest.raises(TokenReplayedError):
        await identity.refresh(RefreshSession(refresh_token=first.refresh_token))
    await forget(identity)
    for mail in written(store):
        assert (mail.link is not None) == (mail.kind in {"verify_email", "reset_password"})
        assert first.refresh_token not in mail.body


async def test_one_of_ones_own_sessions_is_ended() -> None:
    identity, store = identity_in_memory()
    ada = await identity.open_account()
    kate = await identity.open_account("kate@example.com")
    tokens = await sign_in(identity, HOME)
    other = await sign_in(identity, ELSEWHERE)
    first, second = map(SessionId, store.committed.sessions)
    for user_id, session_id in ((kate, first), (ada, SessionId(ada))):
        with pytest.raises(SessionNotFoundError):
            await identity.end_session(
                EndSession(actor=await identity.acting(user_id), session_id=session_id)
            )
    await identity.end_session(EndSession(actor=await identity.acting(ada), session_id=second))
    assert store.committed.sessions[second].end_reason is EndReason.SIGNED_OUT_BY_OWNER
    with pytest.raises(SessionEndedError):
        await identity.authenticate(other.access_token)
    with pytest.raises(SessionEndedError):
        await identity.refresh(RefreshSession(refresh_token=other.refresh_token))
    await identity.authenticate(tokens.access_token)
    with pytest.raises(SessionNotFoundError):
        await identity.end_session(EndSession(actor=await identity.acting(ada), session_id=second))
