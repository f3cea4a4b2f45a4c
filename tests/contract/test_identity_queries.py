"""What reads of accounts and sign-ins say, on both stores."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.identity import PASSWORD, START, Identity, identity_in

from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.logout import Logout
from ecommerce.application.identity.queries import Credentials, Principal, Standing, UserView
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import SessionId, UserId


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


async def disable_and_promote(identity: Identity, user_id: UserId) -> None:
    async with identity.transactions() as transaction:
        user = await transaction.users.by_id(user_id)
        assert user is not None
        user.disabled = True
        user.give_role(Role.ADMIN, START)
        await transaction.users.save(user)
        await transaction.commit()


async def test_an_account(identity: Identity) -> None:
    user_id = await identity.open_account("Ada@Example.com", "Ada")
    assert await identity.queries.user(user_id) == UserView(
        id=user_id,
        email="Ada@Example.com",
        full_name="Ada",
        role=Role.CUSTOMER,
        email_verified=False,
        created_at=START,
        version=1,
    )
    nameless = await identity.open_account("kate@example.com")
    await disable_and_promote(identity, nameless)
    view = await identity.queries.user(nameless)
    assert view is not None
    assert (view.full_name, view.role, view.version) == (None, Role.ADMIN, 2)
    assert await identity.queries.user(UserId(UUID(int=1))) is None


async def test_credentials(identity: Identity) -> None:
    user_id = await identity.open_account("stra\u00dfe@example.com")
    await identity.open_account("other@example.com")
    asked = Email("STRASSE@example.com")
    hashed = f"v1:{PASSWORD}"
    assert await identity.queries.credentials(asked) == Credentials(user_id, hashed, disabled=False)
    await disable_and_promote(identity, user_id)
    assert await identity.queries.credentials(asked) == Credentials(user_id, hashed, disabled=True)
    assert await identity.queries.credentials(Email("nobody@example.com")) is None


async def test_a_principal(identity: Identity) -> None:
    user_id = await identity.open_account()
    tokens = await identity.sign_in()
    session_id = (await identity.authenticate(tokens.access_token)).session_id
    assert session_id is not None
    end = START + timedelta(days=30)
    assert await identity.queries.principal(session_id) == Principal(
        account=Standing(
            user_id=user_id,
            role=Role.CUSTOMER,
            disabled=False,
            given=frozenset(),
            has_second_factor=False,
            long_password=True,
        ),
        expires_at=end,
        ended_at=None,
        proved_at=START,
    )
    identity.clock.move(timedelta(milliseconds=7))
    await identity.logout(Logout(refresh_token=tokens.refresh_token))
    await disable_and_promote(identity, user_id)
    assert await identity.queries.principal(session_id) == Principal(
        account=Standing(
            user_id=user_id,
            role=Role.ADMIN,
            disabled=True,
            given=frozenset(),
            has_second_factor=False,
            long_password=True,
        ),
        expires_at=end,
        ended_at=START + timedelta(milliseconds=7),
        proved_at=START,
    )
    assert await identity.queries.principal(SessionId(UUID(int=1))) is None


async def test_whether_there_is_an_admin(identity: Identity) -> None:
    assert not await identity.queries.has_admin()
    await identity.open_account()
    assert not await identity.queries.has_admin()
    await identity.create_admin(CreateAdmin(email="boss@example.com", password=PASSWORD))
    assert await identity.queries.has_admin()


async def test_a_transaction_reads_its_own_writes(identity: Identity) -> None:
    async with identity.transactions():
        user_id = await identity.open_account()
        assert await identity.queries.user(user_id) is not None
        assert await identity.queries.credentials(Email("ada@example.com")) is not None
    assert await identity.queries.user(user_id) is None
