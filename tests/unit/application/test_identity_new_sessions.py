"""What a sign-in leaves: a session, its token, and a client that is known from then on."""

from datetime import timedelta

from tests.support.aftermath import NOT_YOU, held, letters, notice
from tests.support.identity import PASSWORD, START, identity_in_memory

from ecommerce.application.identity.login import Login
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.domain.identity.client import Client

HOME = Client("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "203.0.113.7")
ELSEWHERE = Client("curl/8.0", "198.51.100.9")
DAYS_30 = timedelta(days=30)


async def test_signing_in_is_a_proof_and_gives_tokens_for_the_session() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    signed_in = await identity.login(Login(email="ADA@example.com", password=PASSWORD, client=HOME))
    (session,) = store.committed.sessions.values()
    assert held(session) == {
        "id": session.id,
        "user_id": user_id,
        "created_at": START,
        "expires_at": START + DAYS_30,
        "last_used_at": START,
        "client": HOME,
        "ended_at": None,
        "end_reason": None,
        "proved_at": START,
        "proof_failures": 0,
    }
    (token,) = store.committed.refresh_tokens.values()
    assert held(token) == {
        "token_hash": identity.secrets.hash(signed_in.refresh_token),
        "session_id": session.id,
        "issued_at": START,
        "expires_at": START + DAYS_30,
        "used_at": None,
    }
    assert signed_in == SignedIn(
        access_token=signed_in.access_token,
        expires_in=signed_in.expires_in,
        refresh_token=signed_in.refresh_token,
        refresh_expires_in=30 * 24 * 3600,
        device_marks=signed_in.device_marks,
    )
    assert len(signed_in.device_marks or ()) == 1
    actor = await identity.authenticate(signed_in.access_token)
    assert (actor.user_id, actor.session_id, actor.proved) == (user_id, session.id, True)


async def test_clients_are_remembered_with_when_they_were_last_seen() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.login(Login(email="ada@example.com", password=PASSWORD, client=HOME))
    identity.clock.move(timedelta(hours=1))
    later = identity.clock.now()
    await identity.login(Login(email="ada@example.com", password=PASSWORD, client=ELSEWHERE))
    assert store.committed.known_clients == {user_id: {HOME.key: START, ELSEWHERE.key: later}}
    (_verify, told) = letters(store)
    assert told == notice(
        "new_sign_in",
        "A new sign-in",
        "Somebody signed in to your account at Teapots & Co with curl from 198.51.100.9, on"
        f" 2026-01-15 at 10:30 UTC. {NOT_YOU}",
        user_id,
        at=later,
    )
