"""What use cases may rely on of the accounts, on both stores."""

from dataclasses import fields, replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.authority import change
from tests.support.identity import START, Identity, identity_in

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.identity.belongings import ResetRequest
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import EmailTakenError
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import ResetRequestId, SessionId, UserId

LATER = START + timedelta(hours=1, milliseconds=7)


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


def a_user(email: str = "Ada@example.com", full_name: str | None = "Ada") -> User:
    return User.register(
        UserId(Uuid7Ids().new(START)), Email(email), "$hash$", full_name=full_name, now=START
    )


def facts(user: User | None) -> dict[str, object]:
    assert user is not None
    return {field.name: getattr(user, field.name) for field in fields(User)}


async def add(identity: Identity, user: User) -> None:
    async with identity.transactions() as transaction:
        await transaction.users.add(user)
        await transaction.commit()


async def found(identity: Identity, user_id: UserId) -> User | None:
    async with identity.transactions() as transaction:
        return await transaction.users.by_id(user_id)


async def test_every_field_survives(identity: Identity) -> None:
    plain, full = a_user("jos\u00e9@straße.example", None), a_user()
    full.role, full.email_verified, full.disabled = Role.ADMIN, True, True
    full.version, full.updated_at, full.long_password = 7, LATER, True
    full.email_verified_at = LATER
    for user in (plain, full):
        await add(identity, user)
        assert facts(await found(identity, user.id)) == facts(user)


async def test_an_account_outlives_a_change_of_the_rules_for_addresses(
    identity: Identity,
) -> None:
    user = replace(a_user(), email=Email.kept("=?utf-8?q?a?=@example.com"))
    await add(identity, user)
    asked = ResetRequest(ResetRequestId(UUID(int=1)), user.email, START)
    async with identity.transactions() as transaction:
        assert facts(await transaction.users.by_id(user.id)) == facts(user)
        await transaction.reset_requests.add(asked)
        assert await transaction.reset_requests.take() == asked
        await transaction.commit()


async def test_every_change_survives(identity: Identity) -> None:
    user = a_user()
    await add(identity, user)
    async with identity.transactions() as transaction:
        loaded = await transaction.users.by_id(user.id)
        assert loaded is not None
        loaded.rename(None, LATER)
        loaded.give_role(Role.STAFF, LATER)
        loaded.set_password("$other$", LATER, long_password=False)
        loaded.email = Email("new@example.com")
        loaded.email_verified = loaded.disabled = True
        loaded.email_verified_at = LATER
        await transaction.users.save(loaded)
        await transaction.commit()
    assert facts(await found(identity, user.id)) == facts(loaded)
    async with identity.transactions() as transaction:
        assert facts(await transaction.users.by_email(Email("NEW@example.com"))) == facts(loaded)
        assert await transaction.users.by_email(Email("ada@example.com")) is None


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Ada@Example.com", "aDA@eXAMPLE.COM"),
        ("kate@example.com", "\u212aate@example.com"),
        ("stra\u00dfe@example.com", "STRASSE@example.com"),
        ("jose\u0301@example.com", "JOS\u00c9@example.com"),
        ("ada@m\u00fcller.example", "ada@XN--MLLER-KVA.example"),
    ],
)
async def test_addresses_are_compared_by_key(identity: Identity, stored: str, asked: str) -> None:
    user = a_user(stored)
    await add(identity, user)
    async with identity.transactions() as transaction:
        loaded = await transaction.users.by_email(Email(asked))
    assert facts(loaded) == facts(user)
    with pytest.raises(EmailTakenError):
        await add(identity, a_user(asked))


async def test_a_refused_account_leaves_nothing_of_its_transaction(identity: Identity) -> None:
    await add(identity, a_user())
    other = a_user("other@example.com")

    async def add_both() -> None:
        async with identity.transactions() as transaction:
            await transaction.users.add(other)
            await transaction.users.add(a_user("ADA@example.com"))
            await transaction.commit()

    with pytest.raises(EmailTakenError):
        await add_both()
    assert await found(identity, other.id) is None


async def test_letters_that_only_look_alike_are_two_accounts(identity: Identity) -> None:
    await add(identity, a_user("m\u0131ke@example.com"))
    await add(identity, a_user("mike@example.com"))
    await add(identity, a_user("ada@stra\u00dfe.example"))
    await add(identity, a_user("ada@strasse.example"))


async def test_who_left_is_found_no_more_and_leaves_the_address_free(identity: Identity) -> None:
    user = a_user()
    await add(identity, user)
    async with identity.transactions() as transaction:
        loaded = await transaction.users.by_id(user.id)
        assert loaded is not None
        loaded.delete(LATER)
        await transaction.users.save(loaded)
        await transaction.commit()
    assert await found(identity, user.id) is None
    async with identity.transactions() as transaction:
        assert await transaction.users.by_email(Email("ada@example.com")) is None
        assert await transaction.users.by_email(loaded.email) is None
    assert await identity.queries.user(user.id) is None
    assert await identity.queries.credentials_of(user.id) is None
    assert await identity.queries.credentials(loaded.email) is None
    await add(identity, a_user())


async def test_the_admins_who_can_sign_in(identity: Identity) -> None:
    people = [a_user(f"{n}@example.com") for n in range(4)]
    people[0].role = people[1].role = people[2].role = Role.ADMIN
    people[1].disabled = True
    people[3].role = Role.STAFF
    for person in people:
        await add(identity, person)
    async with identity.transactions() as transaction:
        admins = await transaction.users.with_admins(frozenset())
        assert admins.keys() == {people[0].id, people[2].id}
        asked = {people[1].id, people[3].id, UserId(UUID(int=1))}
        everybody = await transaction.users.with_admins(asked)
        assert {i: facts(user) for i, user in everybody.items()} == {p.id: facts(p) for p in people}
        loaded = await transaction.users.by_id(people[0].id)
        assert loaded is not None
        loaded.delete(LATER)
        await transaction.users.save(loaded)
        left = await transaction.users.with_admins({people[0].id})
        assert left.keys() == {people[2].id}


async def test_an_account_in_one_of_its_sessions(identity: Identity) -> None:
    user, other = a_user(), a_user("kate@example.com")
    await add(identity, user)
    await add(identity, other)
    one, two = [(await identity.acting(each.id)).session_id for each in (user, other)]
    assert one is not None
    assert two is not None

    async def in_session(session_id: SessionId) -> User | None:
        async with identity.transactions() as transaction:
            return await transaction.users.in_session(user.id, session_id)

    assert facts(await in_session(one)) == facts(user)
    assert await in_session(two) is None
    assert await in_session(SessionId(UUID(int=1))) is None
    for disabled in (True, False):
        await change(identity, user.id, disabled=disabled)
        assert (await in_session(one) is None) is disabled
    async with identity.transactions() as transaction:
        await transaction.sessions.end_all(user.id, EndReason.LOGGED_OUT, LATER)
        await transaction.commit()
    assert await in_session(one) is None
    another = (await identity.acting(user.id)).session_id
    assert another is not None
    assert await in_session(another) is not None
    async with identity.transactions() as transaction:
        loaded = await transaction.users.by_id(user.id)
        assert loaded is not None
        loaded.delete(LATER)
        loaded.disabled = False
        await transaction.users.save(loaded)
        await transaction.commit()
    assert await in_session(another) is None


async def test_who_is_absent(identity: Identity) -> None:
    assert await found(identity, UserId(UUID(int=1))) is None
    async with identity.transactions() as transaction:
        assert await transaction.users.by_email(Email("nobody@example.com")) is None


async def test_what_is_not_committed_is_undone(identity: Identity) -> None:
    user = a_user()
    async with identity.transactions() as transaction:
        await transaction.users.add(user)
        assert await transaction.users.by_id(user.id) is not None
    assert await found(identity, user.id) is None
    await add(identity, user)
    async with identity.transactions() as transaction:
        loaded = await transaction.users.by_id(user.id)
        assert loaded is not None
        loaded.rename("Nobody", LATER)
        await transaction.users.save(loaded)
    assert facts(await found(identity, user.id)) == facts(user)


async def test_what_is_loaded_or_added_is_a_copy(identity: Identity) -> None:
    user = a_user()
    async with identity.transactions() as transaction:
        await transaction.users.add(user)
        user.full_name = "changed after it was added"
        for by_id in (True, False):
            loaded = await (
                transaction.users.by_id(user.id)
                if by_id
                else transaction.users.by_email(user.email)
            )
            assert loaded is not None
            assert loaded.full_name == "Ada"
            loaded.full_name = "changed and not saved"
        again = await transaction.users.by_id(user.id)
        assert again is not None
        assert again.full_name == "Ada"
        again.full_name = "saved"
        await transaction.users.save(again)
        again.full_name = "changed after it was saved"
        await transaction.commit()
    assert facts(await found(identity, user.id))["full_name"] == "saved"
