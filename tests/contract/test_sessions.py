"""What use cases may rely on of the sign-ins, on both stores."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.identity import START, Identity, identity_in

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.session import EndReason, RefreshToken, Session, SessionLifetime
from ecommerce.domain.shared.ids import SessionId, UserId

DAY = timedelta(days=1)
CLIENT = Client("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "203.0.113.7")
LATER = START + timedelta(hours=1, milliseconds=7)


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


def a_session(user_id: UserId) -> Session:
    return Session(
        id=SessionId(Uuid7Ids().new(START)),
        user_id=user_id,
        created_at=START,
        expires_at=START + DAY,
        last_used_at=START,
        client=CLIENT,
    )


def lasting(days: int) -> SessionLifetime:
    return SessionLifetime(days * DAY, 100 * DAY)


Facts = tuple[object, ...]


def facts(loaded: tuple[Session, RefreshToken] | None) -> Facts:
    assert loaded is not None
    session, token = loaded
    return (
        *(session.id, session.user_id, session.created_at, session.expires_at),
        *(session.ended_at, session.end_reason),
        *(session.last_used_at, session.client),
        *(token.token_hash, token.session_id, token.issued_at, token.expires_at, token.used_at),
    )


async def start(identity: Identity, user_id: UserId, token_hash: bytes) -> Session:
    session = a_session(user_id)
    token = session.issue(token_hash, START, lasting(2))
    async with identity.transactions() as transaction:
        await transaction.sessions.add(session, token)
        await transaction.commit()
    return session


async def found(identity: Identity, token_hash: bytes) -> Facts:
    async with identity.transactions() as transaction:
        return facts(await transaction.sessions.by_token(token_hash))


async def test_every_field_survives(identity: Identity) -> None:
    user_id = await identity.open_account()
    session = a_session(user_id)
    session.ended_at, session.end_reason = LATER, EndReason.TOKEN_REPLAYED
    token = RefreshToken(
        token_hash=bytes(range(32)),
        session_id=session.id,
        issued_at=START,
        expires_at=START + 2 * DAY,
        used_at=LATER,
    )
    async with identity.transactions() as transaction:
        await transaction.sessions.add(session, token)
        await transaction.commit()
    assert await found(identity, token.token_hash) == facts((session, token))


@pytest.mark.parametrize("reason", EndReason)
async def test_every_reason_survives(identity: Identity, reason: EndReason) -> None:
    session = await start(identity, await identity.open_account(), b"1")
    session.end(reason, LATER)
    async with identity.transactions() as transaction:
        await transaction.sessions.ended(session)
        await transaction.commit()
    assert (await found(identity, b"1"))[4:6] == (LATER, reason)


async def test_a_rotation_survives(identity: Identity) -> None:
    user_id = await identity.open_account()
    other = await start(identity, user_id, b"other")
    await start(identity, user_id, b"1")
    async with identity.transactions() as transaction:
        loaded = await transaction.sessions.by_token(b"1")
        assert loaded is not None
        session, used = loaded
        issued = session.rotate(used, b"2", LATER, lasting(9))
        await transaction.sessions.rotated(session, used, issued)
        await transaction.commit()
    assert await found(identity, b"1") == facts((session, used))
    assert await found(identity, b"2") == facts((session, issued))
    assert session.expires_at == LATER + 9 * DAY
    kept = await found(identity, b"other")
    assert (kept[0], kept[3], kept[-1]) == (other.id, START + 2 * DAY, None)
    assert session.last_used_at == LATER


async def test_an_unknown_token(identity: Identity) -> None:
    await start(identity, await identity.open_account(), b"1")
    async with identity.transactions() as transaction:
        assert await transaction.sessions.by_token(b"2") is None
        assert await transaction.sessions.by_token(b"") is None


async def test_all_sessions_of_one_account_end(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    over = await start(identity, ada, b"over")
    over.end(EndReason.LOGGED_OUT, START)
    await start(identity, ada, b"1")
    await start(identity, ada, b"2")
    await start(identity, kate, b"kate")
    async with identity.transactions() as transaction:
        await transaction.sessions.ended(over)
        await transaction.sessions.end_all(ada, EndReason.PASSWORD_CHANGED, LATER)
        await transaction.sessions.end_all(UserId(UUID(int=1)), EndReason.PASSWORD_CHANGED, LATER)
        await transaction.commit()
    ended = (LATER, EndReason.PASSWORD_CHANGED)
    assert (await found(identity, b"1"))[4:6] == ended
    assert (await found(identity, b"2"))[4:6] == ended
    assert (await found(identity, b"over"))[4:6] == (START, EndReason.LOGGED_OUT)
    assert (await found(identity, b"kate"))[4:6] == (None, None)


async def test_what_is_not_committed_is_undone(identity: Identity) -> None:
    user_id = await identity.open_account()
    session = await start(identity, user_id, b"1")
    before = await found(identity, b"1")
    async with identity.transactions() as transaction:
        loaded = await transaction.sessions.by_token(b"1")
        assert loaded is not None
        issued = loaded[0].rotate(loaded[1], b"2", LATER, lasting(1))
        await transaction.sessions.rotated(*loaded, issued)
        await transaction.sessions.end_all(user_id, EndReason.PASSWORD_CHANGED, LATER)
    assert session.id == before[0]
    assert await found(identity, b"1") == before
    async with identity.transactions() as transaction:
        assert await transaction.sessions.by_token(b"2") is None


async def test_what_is_loaded_is_a_copy(identity: Identity) -> None:
    await start(identity, await identity.open_account(), b"1")
    async with identity.transactions() as transaction:
        loaded = await transaction.sessions.by_token(b"1")
        assert loaded is not None
        before = facts(loaded)
        loaded[0].end(EndReason.LOGGED_OUT, LATER)
        loaded[1].used_at = LATER
        assert facts(await transaction.sessions.by_token(b"1")) == before
        await transaction.commit()
    assert await found(identity, b"1") == before


async def test_a_session_by_its_id(identity: Identity) -> None:
    session = await start(identity, await identity.open_account(), b"1")
    async with identity.transactions() as transaction:
        loaded = await transaction.sessions.by_id(session.id)
        assert loaded is not None
        assert (loaded.user_id, loaded.client) == (session.user_id, CLIENT)
        assert (loaded.created_at, loaded.expires_at) == (START, START + 2 * DAY)
        assert await transaction.sessions.by_id(SessionId(UUID(int=1))) is None


async def test_all_but_one_end(identity: Identity) -> None:
    ada = await identity.open_account()
    kept = await start(identity, ada, b"1")
    await start(identity, ada, b"2")
    async with identity.transactions() as transaction:
        await transaction.sessions.end_all(ada, EndReason.PASSWORD_CHANGED, LATER, but=kept.id)
        await transaction.commit()
    assert (await found(identity, b"1"))[4:6] == (None, None)
    assert (await found(identity, b"2"))[4:6] == (LATER, EndReason.PASSWORD_CHANGED)


async def test_all_but_one_prove_anew(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    sessions = [
        await start(identity, owner, token)
        for owner, token in ((ada, b"1"), (ada, b"2"), (ada, b"3"), (kate, b"kate"))
    ]

    async def proofs(*, prove: bool = False) -> list[datetime | None]:
        found = list[datetime | None]()
        async with identity.transactions() as transaction:
            for each in sessions:
                session = await transaction.sessions.by_id(each.id)
                assert session is not None
                if prove:
                    session.prove(LATER)
                    await transaction.sessions.proved(session)
                found.append(session.proved_at)
            await transaction.commit()
        return found

    await proofs(prove=True)
    async with identity.transactions() as transaction:
        await transaction.sessions.forget_proofs(ada, but=sessions[1].id)
        await transaction.commit()
    assert await proofs() == [None, LATER, None, LATER]


async def test_all_sessions_of_one_account_are_forgotten(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    session = await start(identity, ada, b"1")
    await start(identity, kate, b"kate")
    async with identity.transactions() as transaction:
        await transaction.sessions.forget_all(ada)
        await transaction.commit()
    async with identity.transactions() as transaction:
        assert await transaction.sessions.by_token(b"1") is None
        assert await transaction.sessions.by_id(session.id) is None
        assert await transaction.sessions.by_token(b"kate") is not None
