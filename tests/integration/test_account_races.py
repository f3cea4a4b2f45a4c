"""Many at once on one account, on PostgreSQL: by the state they leave."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from tests.support.identity import PASSWORD, Identity, identity_in_postgres
from tests.support.letters import all_in, forget, kinds_in, token_in

from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.identity_tables import earlier_mailed_token
from ecommerce.adapters.postgres.tables import (
    booked_address,
    known_client,
    mailed_token,
    reset_request,
    session,
    user_account,
)
from ecommerce.application.identity.add_address import AddAddress
from ecommerce.application.identity.ask_password_reset import AskPasswordReset
from ecommerce.application.identity.change_password import ChangePassword
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.identity.end_session import EndSession
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.application.identity.resend_verification import ResendVerification
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.domain.identity.address_book import MAX_ADDRESSES, AddressDetails
from ecommerce.domain.identity.errors import (
    AddressBookFullError,
    InvalidCredentialsError,
    InvalidTokenError,
    LastAdminError,
    PermissionDeniedError,
    SessionEndedError,
)
from ecommerce.domain.identity.mailed_token import PACES, TokenPurpose
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import DomainError, StaleVersionError
from ecommerce.domain.shared.ids import SessionId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress

MANY = 20
ADMINS = Statement(
    user_account.select()
    .with_only_columns(user_account.c.id)
    .where(user_account.c.role == "admin", ~user_account.c.disabled)
)


@pytest.fixture
def identity(database: Database) -> Identity:
    return identity_in_postgres(database)


@dataclass
class Done:
    """What came of many requests at once."""

    kinds: Counter[type]

    def were(self, **expected: int) -> None:
        assert Counter({kind.__name__: n for kind, n in self.kinds.items()}) == Counter(expected)


async def all_at_once(work: Iterable[Awaitable[object]]) -> Done:
    async def tried(each: Awaitable[object]) -> type:
        try:
            await each
        except DomainError as error:
            return type(error)
        return type(None)

    return Done(Counter(await asyncio.gather(*map(tried, work))))


async def rows(database: Database, table: object) -> int:
    return len(await database.all(Statement(table.select())))  # type: ignore[attr-defined]


async def test_one_reset_token_used_by_many_sets_one_password(
    identity: Identity, database: Database
) -> None:
    await identity.open_account()
    await forget(identity)
    mails = await all_in(database, identity)
    token = token_in(next(mail for mail in mails if mail.kind == "reset_password"))
    passwords = [f"password number {n}" for n in range(MANY)]
    won: list[str] = []

    async def reset(password: str) -> None:
        await identity.reset_password(ResetPassword(token=token, password=password))
        won.append(password)

    done = await all_at_once(reset(password) for password in passwords)
    done.were(NoneType=1, UnusableTokenError=MANY - 1)
    for password in passwords:
        if [password] == won:
            await identity.sign_in(password=password)
        else:
            with pytest.raises(InvalidCredentialsError):
                await identity.sign_in(password=password, network=password)
    assert (await kinds_in(database)).count("password_changed") == 1
    user = await database.all(
        Statement(user_account.select().with_only_columns(user_account.c.version))
    )
    assert user == [(2,)]


async def test_one_address_is_verified_once(identity: Identity, database: Database) -> None:
    await identity.open_account()
    (mail,) = await all_in(database, identity)
    done = await all_at_once(
        identity.verify_email(VerifyEmail(token=token_in(mail))) for _ in range(MANY)
    )
    done.were(NoneType=1, UnusableTokenError=MANY - 1)
    assert await kinds_in(database) == ["verify_email", "email_verified"]


async def test_of_many_links_one_is_used(identity: Identity, database: Database) -> None:
    user_id = await identity.open_account()
    done = await all_at_once(
        [
            identity.resend_verification(ResendVerification(actor=await identity.acting(user_id)))
            for _ in range(MANY)
        ]
    )
    done.were(NoneType=MANY)
    tokens = [token_in(mail) for mail in await all_in(database, identity)]
    assert len(set(tokens)) == PACES[TokenPurpose.VERIFY_EMAIL].most
    verified = await all_at_once(identity.verify_email(VerifyEmail(token=t)) for t in tokens)
    verified.were(NoneType=1, UnusableTokenError=len(tokens) - 1)
    for table in (mailed_token, earlier_mailed_token):
        assert await rows(database, table) == 0


async def test_of_many_who_ask_at_once_one_gets_a_link(
    identity: Identity, database: Database
) -> None:
    await identity.open_account()
    for _ in range(MANY):
        await identity.ask_password_reset(AskPasswordReset(email="ada@example.com"))

    async def answer_all() -> None:
        while await identity.answer_reset_request():
            pass

    (await all_at_once(answer_all() for _ in range(5))).were(NoneType=5)
    assert (await kinds_in(database)).count("reset_password") == 1


async def test_of_many_links_to_reset_a_password_one_sets_it(
    identity: Identity, database: Database
) -> None:
    await identity.open_account()
    for _ in range(3):
        await forget(identity)
        identity.clock.move(timedelta(minutes=2))
    mails = await all_in(database, identity)
    tokens = [token_in(mail) for mail in mails if mail.kind == "reset_password"]
    assert len(set(tokens)) == 3
    done = await all_at_once(
        identity.reset_password(ResetPassword(token=token, password=f"password number {n}"))
        for n, token in enumerate(tokens)
    )
    done.were(NoneType=1, UnusableTokenError=2)


async def test_each_request_is_answered_by_one_of_many(
    identity: Identity, database: Database
) -> None:
    for n in range(MANY):
        await identity.open_account(f"{n}@example.com")
        await identity.ask_password_reset(AskPasswordReset(email=f"{n}@example.com"))

    async def answer_all() -> None:
        while await identity.answer_reset_request():
            pass

    (await all_at_once(answer_all() for _ in range(5))).were(NoneType=5)
    assert await rows(database, reset_request) == 0
    mails = [m for m in await all_in(database, identity) if m.kind == "reset_password"]
    assert sorted(mail.to for mail in mails) == sorted(f"{n}@example.com" for n in range(MANY))


async def test_nobody_waits_for_a_request_that_another_process_answers(
    identity: Identity, clean_database: str
) -> None:
    for n in range(2):
        await identity.ask_password_reset(AskPasswordReset(email=f"{n}@example.com"))
    async with await psycopg.AsyncConnection.connect(clean_database) as other:
        await other.execute("SELECT id FROM reset_request ORDER BY id LIMIT 1 FOR UPDATE")
        async with asyncio.timeout(3):
            assert [await identity.answer_reset_request() for _ in range(2)] == [True, False]
    assert await identity.answer_reset_request()


async def test_many_change_one_password(identity: Identity, database: Database) -> None:
    user_id = await identity.open_account()
    for _ in range(MANY):
        await identity.sign_in()
    sessions = [
        SessionId(row[0])
        for row in await database.all(Statement(session.select().with_only_columns(session.c.id)))
    ]

    def change(own: SessionId, number: int) -> Awaitable[object]:
        return identity.change_password(
            ChangePassword(
                user_id=user_id,
                session_id=own,
                current_password=PASSWORD,
                new_password=f"password number {number}",
            )
        )

    done = await all_at_once(change(own, n) for n, own in enumerate(sessions))
    done.were(NoneType=1, **{SessionEndedError.__name__: MANY - 1})
    left = await database.all(
        Statement(
            session.select().with_only_columns(session.c.id).where(session.c.ended_at.is_(None))
        )
    )
    assert len(left) == 1


async def make_admin(identity: Identity, name: str) -> UserId:
    command = CreateAdmin(email=f"{name}@example.com", password="notes on the engine")
    return (await identity.create_admin(command)).user_id


async def test_two_admins_who_demote_each_other_leave_one(
    identity: Identity, database: Database
) -> None:
    one, two = await make_admin(identity, "one"), await make_admin(identity, "two")
    for _ in range(10):
        done = await all_at_once(
            [
                identity.change_user(
                    ChangeUser(actor=await identity.acting(actor), user_id=other, role=Role.STAFF)
                )
                for actor, other in ((one, two), (two, one))
            ]
        )
        done.were(NoneType=1, **{PermissionDeniedError.__name__: 1})
        ((left,),) = await database.all(ADMINS)
        loser = two if left == one else one
        await identity.change_user(
            ChangeUser(actor=await identity.acting(left), user_id=loser, role=Role.ADMIN)
        )


async def test_admins_who_all_leave_at_once_leave_one(
    identity: Identity, database: Database
) -> None:
    admins = [await make_admin(identity, f"a{n}") for n in range(8)]
    done = await all_at_once(
        [
            identity.delete_account(DeleteAccount(actor=await identity.acting(admin)))
            for admin in admins
        ]
    )
    done.were(NoneType=7, **{LastAdminError.__name__: 1})
    assert len(await database.all(ADMINS)) == 1


async def test_of_many_changes_of_one_version_one_is_made(
    identity: Identity, database: Database
) -> None:
    boss, ada = await make_admin(identity, "boss"), await identity.open_account()
    done = await all_at_once(
        [
            identity.change_user(
                ChangeUser(
                    actor=await identity.acting(boss),
                    user_id=ada,
                    role=Role.STAFF if n % 2 else Role.ADMIN,
                    expected_version=1,
                )
            )
            for n in range(MANY)
        ]
    )
    done.were(NoneType=1, **{StaleVersionError.__name__: MANY - 1})
    view = await identity.belongings.account(ada)
    assert view is not None
    assert (view.version, view.role is Role.CUSTOMER) == (2, False)


async def test_nobody_is_signed_in_to_an_account_that_was_deleted_meanwhile(
    identity: Identity, database: Database
) -> None:
    for n in range(5):
        email = f"{n}@example.com"
        user_id = await identity.open_account(email)
        first = await identity.sign_in(email)
        done = await all_at_once(
            [
                *(identity.sign_in(email, network=f"{n}") for n in range(6)),
                identity.delete_account(DeleteAccount(actor=await identity.acting(user_id))),
                identity.refresh(RefreshSession(refresh_token=first.refresh_token)),
                *(identity.sign_in(email, network=f"{n}") for n in range(6, 12)),
            ]
        )
        assert set(done.kinds) <= {
            type(None), InvalidCredentialsError, InvalidTokenError, SessionEndedError,
        }  # fmt: skip
        for table in (session, known_client, mailed_token):
            assert await rows(database, table) == 0
        with pytest.raises(InvalidCredentialsError):
            await identity.sign_in(email)
    assert (await kinds_in(database)) == ["account_deleted"] * 5


async def test_an_account_is_deleted_once(identity: Identity, database: Database) -> None:
    user_id = await identity.open_account()
    done = await all_at_once(
        [
            identity.delete_account(DeleteAccount(actor=await identity.acting(user_id)))
            for _ in range(MANY)
        ]
    )
    done.were(NoneType=1, **{SessionEndedError.__name__: MANY - 1})
    assert await kinds_in(database) == ["account_deleted"]


async def test_a_disabled_account_has_no_session_whoever_signs_in_meanwhile(
    identity: Identity, database: Database
) -> None:
    boss, ada = await make_admin(identity, "boss"), await identity.open_account()
    tokens = await identity.sign_in()
    await all_at_once(
        [
            *(identity.sign_in() for _ in range(8)),
            identity.change_user(
                ChangeUser(actor=await identity.acting(boss), user_id=ada, disabled=True)
            ),
            identity.refresh(RefreshSession(refresh_token=tokens.refresh_token)),
            *(identity.sign_in() for _ in range(8)),
        ]
    )
    open_ones = session.select().where(session.c.ended_at.is_(None), session.c.user_id == ada)
    assert await database.all(Statement(open_ones)) == []


async def test_what_one_process_ends_no_other_lets_in(
    identity: Identity, database: Database, clean_database: str
) -> None:
    """Two processes share nothing but the database and the keys."""
    other_database = Database(clean_database, pool_min=1, pool_max=2)
    await other_database.open()
    try:
        other = identity_in_postgres(other_database)
        other.authenticate = type(other.authenticate)(
            identity.access_tokens, other.api_key_tokens, other.queries, other.uses, other.clock
        )
        boss, ada = await make_admin(identity, "boss"), await identity.open_account()
        tokens = await identity.sign_in()
        actor = await other.authenticate(tokens.access_token)
        assert actor.role == "customer"
        assert actor.session_id is not None
        await identity.change_user(
            ChangeUser(actor=await identity.acting(boss), user_id=ada, role=Role.STAFF)
        )
        assert (await other.authenticate(tokens.access_token)).role == "staff"
        await other.end_session(
            EndSession(actor=await identity.acting(ada), session_id=actor.session_id)
        )
        for each in (identity, other):
            with pytest.raises(SessionEndedError):
                await each.authenticate(tokens.access_token)
    finally:
        await other_database.close()


async def test_a_book_is_never_overfull_and_has_one_default_of_a_kind(
    identity: Identity, database: Database
) -> None:
    user_id = await identity.open_account()
    address = PostalAddress(full_name="Ada", line1="1", city="London", country="GB")
    details = AddressDetails(address=address, default_shipping=True, default_billing=True)
    for _ in range(MAX_ADDRESSES - 5):
        await identity.add_address(
            AddAddress(actor=await identity.acting(user_id), details=details)
        )
    done = await all_at_once(
        [
            identity.add_address(AddAddress(actor=await identity.acting(user_id), details=details))
            for _ in range(MANY)
        ]
    )
    done.were(NoneType=5, **{AddressBookFullError.__name__: MANY - 5})
    b = booked_address
    found = await database.all(
        Statement(b.select().with_only_columns(b.c.default_shipping, b.c.default_billing))
    )
    assert len(found) == MAX_ADDRESSES
    assert found.count((True, True)) == 1
    assert found.count((False, False)) == MAX_ADDRESSES - 1
