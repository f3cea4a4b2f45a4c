"""Many at once, on PostgreSQL: by the state they leave."""

import asyncio
from collections import Counter

import pytest
from tests.support.identity import Identity, identity_in_postgres

from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.tables import refresh_token, session, user_account
from ecommerce.application.identity.logout import Logout
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.domain.identity.errors import (
    EmailTakenError,
    SessionEndedError,
    TokenReplayedError,
)
from ecommerce.domain.shared.errors import DomainError

MANY = 20
END_REASONS = Statement(session.select().with_only_columns(session.c.end_reason))


@pytest.fixture
def identity(database: Database) -> Identity:
    return identity_in_postgres(database)


async def refresh(identity: Identity, token: str) -> SignedIn | DomainError:
    try:
        return await identity.refresh(RefreshSession(refresh_token=token))
    except DomainError as error:
        return error


async def test_one_token_refreshed_by_many_is_good_once_and_ends_the_family(
    identity: Identity, database: Database
) -> None:
    await identity.open_account()
    first = await identity.sign_in()
    answers = await asyncio.gather(*(refresh(identity, first.refresh_token) for _ in range(MANY)))
    kinds = Counter(type(answer) for answer in answers)
    assert kinds[SignedIn] == 1
    assert kinds[TokenReplayedError] == 1
    assert kinds[SessionEndedError] == MANY - 2
    assert await database.all(END_REASONS) == [("token_replayed",)]
    tokens = await database.all(Statement(refresh_token.select().order_by("issued_at")))
    assert len(tokens) == 2
    assert sorted(token[-1] is None for token in tokens) == [False, True]
    won = next(answer for answer in answers if isinstance(answer, SignedIn))
    assert isinstance(await refresh(identity, won.refresh_token), SessionEndedError)
    with pytest.raises(SessionEndedError):
        await identity.authenticate(won.access_token)


async def test_signing_out_while_refreshing_ends_the_session(
    identity: Identity, database: Database
) -> None:
    await identity.open_account()
    for _ in range(5):
        first = await identity.sign_in()
        answer, _ = await asyncio.gather(
            refresh(identity, first.refresh_token),
            identity.logout(Logout(refresh_token=first.refresh_token)),
        )
        assert isinstance(answer, SignedIn | SessionEndedError)
        assert isinstance(await refresh(identity, first.refresh_token), SessionEndedError)
    assert await database.all(END_REASONS) == [("logged_out",)] * 5


async def test_one_address_registered_by_many_is_one_account(
    identity: Identity, database: Database
) -> None:
    spellings = [
        "kate@example.com",
        "KATE@example.com",
        "\u212aate@example.com",
        "Kate@Example.Com",
    ]

    async def register(place: int) -> bool:
        try:
            await identity.open_account(spellings[place % len(spellings)])
        except EmailTakenError:
            return False
        return True

    opened = await asyncio.gather(*(register(place) for place in range(MANY)))
    assert sum(opened) == 1
    assert len(await database.all(Statement(user_account.select()))) == 1


async def test_many_sign_in_to_one_account_at_once(identity: Identity, database: Database) -> None:
    await identity.open_account()
    identity.hasher.parameters = "v2"
    made = await asyncio.gather(
        *(identity.sign_in(network=f"number {n}") for n in range(MANY)), return_exceptions=True
    )
    signed_in = [tokens for tokens in made if isinstance(tokens, SignedIn)]
    assert len(await database.all(END_REASONS)) == len(signed_in)
    assert len(signed_in) == MANY
