"""What use cases may rely on of tokens, requests, clients and addresses, on both stores."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.identity import START, Identity, identity_in

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.identity.belongings import ResetRequest
from ecommerce.domain.identity.address_book import AddressBook, AddressDetails, BookedAddress
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import MailedToken, TokenPurpose
from ecommerce.domain.shared.ids import AddressId, ResetRequestId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress

LATER = START + timedelta(hours=1, milliseconds=7)
VERIFY, RESET = TokenPurpose.VERIFY_EMAIL, TokenPurpose.RESET_PASSWORD
FULL = PostalAddress(
    full_name="Jos\u00e9",
    company="Analytical Engines",
    line1="12 Straße",
    line2="2nd floor",
    city="London",
    region="Greater London",
    postal_code="SW1Y 4JH",
    country="GB",
    phone="+44 20 7946 0958",
)
LEAST = PostalAddress(full_name="Ada", line1="1", city="Paris", country="FR")


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


def a_token(user_id: UserId, token_hash: bytes, purpose: TokenPurpose = VERIFY) -> MailedToken:
    return MailedToken(
        token_hash=token_hash,
        user_id=user_id,
        purpose=purpose,
        email_key="ada@example.com",
        created_at=START,
        expires_at=LATER,
    )


async def issue(identity: Identity, *tokens: MailedToken) -> None:
    async with identity.transactions() as transaction:
        for token in tokens:
            await transaction.mailed_tokens.issue(token)
        await transaction.commit()


async def take(
    identity: Identity, token_hash: bytes, purpose: TokenPurpose, *, commit: bool = True
) -> MailedToken | None:
    async with identity.transactions() as transaction:
        token = await transaction.mailed_tokens.take(token_hash, purpose)
        if commit:
            await transaction.commit()
    return token


async def test_a_token_survives_and_is_taken_once(identity: Identity) -> None:
    token = a_token(await identity.open_account(), bytes(range(32)))
    await issue(identity, token)
    assert await take(identity, token.token_hash, RESET) is None
    assert await take(identity, b"other", VERIFY) is None
    assert await take(identity, token.token_hash, VERIFY, commit=False) == token
    assert await take(identity, token.token_hash, VERIFY) == token
    assert await take(identity, token.token_hash, VERIFY) is None


async def test_a_new_one_leaves_those_before_it_as_they_are(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    tokens = [
        a_token(ada, b"1"),
        a_token(ada, b"reset", RESET),
        replace(a_token(kate, b"kate"), email_key="kate@example.com"),
        a_token(ada, b"2"),
        a_token(ada, b"3"),
    ]
    await issue(identity, *tokens)
    for token in tokens:
        owner = await identity.queries.token_owner(token.token_hash, token.purpose, START)
        assert owner is not None
        assert owner.user_id == token.user_id
        assert await take(identity, token.token_hash, token.purpose, commit=False) == token
        assert await take(identity, token.token_hash, token.purpose) == token
        assert await take(identity, token.token_hash, token.purpose) is None
        assert await identity.queries.token_owner(token.token_hash, token.purpose, START) is None


async def test_when_those_were_made_that_are_good(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    now, second = START + timedelta(days=2), timedelta(seconds=1)

    async def good(at: datetime, user_id: UserId = ada) -> list[datetime]:
        async with identity.transactions() as transaction:
            return sorted(await transaction.mailed_tokens.good_since(user_id, RESET, at))

    assert await good(now) == []
    made = [now + n * second for n in range(3)]
    await issue(
        identity,
        *(
            replace(
                a_token(ada, bytes([n]), RESET),
                created_at=at,
                expires_at=at + timedelta(minutes=1),
            )
            for n, at in enumerate(made)
        ),
        replace(a_token(ada, b"verify"), expires_at=now + timedelta(days=1)),
        replace(a_token(kate, b"kate", RESET), expires_at=now + timedelta(days=1)),
    )
    assert await good(made[2]) == made
    assert await good(made[1] + timedelta(minutes=1)) == made[2:]
    assert await good(made[2] + timedelta(minutes=1)) == []
    assert await good(now, kate) == [START]


@pytest.mark.parametrize("purpose", [None, VERIFY])
async def test_tokens_are_forgotten(identity: Identity, purpose: TokenPurpose | None) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    await issue(
        identity,
        a_token(ada, b"0"),
        a_token(ada, b"1"),
        a_token(ada, b"before", RESET),
        a_token(ada, b"2", RESET),
        a_token(kate, b"3"),
    )
    async with identity.transactions() as transaction:
        await transaction.mailed_tokens.forget(ada, purpose)
        await transaction.commit()
    for gone in (b"0", b"1"):
        assert await take(identity, gone, VERIFY) is None
    for other in (b"before", b"2"):
        assert (await take(identity, other, RESET) is None) == (purpose is None)
    assert await take(identity, b"3", VERIFY) is not None


async def test_whose_token_it_is(identity: Identity) -> None:
    ada = await identity.open_account("Ada@Example.com", "Ada")
    await issue(identity, a_token(ada, b"1"))
    find = identity.queries.token_owner
    owner = await find(b"1", VERIFY, LATER - timedelta(milliseconds=1))
    assert owner is not None
    assert (owner.user_id, owner.email, owner.full_name) == (ada, "Ada@Example.com", "Ada")
    assert owner.role.value == "customer"
    assert (owner.email_verified, owner.email_verified_at) == (False, None)
    assert await find(b"1", VERIFY, LATER) is None
    assert await find(b"1", RESET, START) is None
    assert await find(b"2", VERIFY, START) is None
    async with identity.transactions() as transaction:
        user = await transaction.users.by_id(ada)
        assert user is not None
        user.verify_email(LATER)
        await transaction.users.save(user)
        await transaction.commit()
    proved = await find(b"1", VERIFY, START)
    assert proved is not None
    assert (proved.email_verified, proved.email_verified_at) == (True, LATER)
    async with identity.transactions() as transaction:
        user.email = Email("other@example.com")
        await transaction.users.save(user)
        await transaction.commit()
    assert await find(b"1", VERIFY, START) is None


async def test_requests_are_taken_in_order_and_are_there_again_if_undone(
    identity: Identity,
) -> None:
    ids = Uuid7Ids()
    requests = [
        ResetRequest(ResetRequestId(ids.new(START + n * timedelta(seconds=1))), Email(email), START)
        for n, email in enumerate(["Ada@example.com", "nobody@example.com"])
    ]
    async with identity.transactions() as transaction:
        for request in reversed(requests):
            await transaction.reset_requests.add(request)
        await transaction.commit()
    async with identity.transactions() as transaction:
        assert await transaction.reset_requests.take() == requests[0]
    taken = []
    for _ in range(3):
        async with identity.transactions() as transaction:
            taken.append(await transaction.reset_requests.take())
            await transaction.commit()
    assert taken == [*requests, None]


async def test_a_client_is_known_when_it_was_seen_or_is_the_first(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")

    async def recognise(user_id: UserId, key: bytes) -> bool:
        async with identity.transactions() as transaction:
            known = await transaction.known_clients.recognise(user_id, key, LATER)
            await transaction.commit()
        return known

    seen = [(ada, b"1"), (ada, b"1"), (ada, b"2"), (ada, b"1"), (ada, b"2"), (kate, b"1")]
    assert [await recognise(*each) for each in seen] == [True, True, False, True, True, True]
    async with identity.transactions() as transaction:
        await transaction.known_clients.forget_all(ada)
        await transaction.commit()
    assert await recognise(ada, b"3")
    assert not await recognise(kate, b"2")


async def test_clients_not_seen_after_an_instant_are_forgotten(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")

    async def recognise(user_id: UserId, key: bytes, at: datetime) -> bool:
        async with identity.transactions() as transaction:
            known = await transaction.known_clients.recognise(user_id, key, at)
            await transaction.commit()
        return known

    async def forget(instant: datetime) -> None:
        async with identity.transactions() as transaction:
            await transaction.known_clients.forget_seen_until(ada, instant)
            await transaction.commit()

    await recognise(kate, b"1", START)
    await recognise(ada, b"1", START)
    await recognise(ada, b"2", LATER)
    await forget(START)
    assert not await recognise(ada, b"1", START)
    assert await recognise(ada, b"2", LATER)
    assert not await recognise(kate, b"2", START), "the first one is known still"
    await forget(LATER)
    assert await recognise(ada, b"3", LATER), "the very first one again"


def facts(entry: BookedAddress) -> list[object]:
    return [getattr(entry, field.name) for field in fields(entry)]


async def book_of(identity: Identity, user_id: UserId) -> AddressBook:
    async with identity.transactions() as transaction:
        return await transaction.addresses.book_of(user_id)


async def test_every_field_of_an_address_survives(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    ids = Uuid7Ids()
    book = AddressBook(ada, [])
    for address in (FULL, LEAST):
        entry, _ = book.add(AddressId(ids.new(START)), AddressDetails(address=address), START)
        async with identity.transactions() as transaction:
            await transaction.addresses.add(entry)
            await transaction.commit()
    found = await book_of(identity, ada)
    assert found.user_id == ada
    assert list(map(facts, found.entries)) == list(map(facts, book.entries))
    assert (await book_of(identity, kate)).entries == []


async def test_addresses_change_and_go(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    ids = Uuid7Ids()
    for owner in (ada, kate):
        book = AddressBook(owner, [])
        for address in (FULL, LEAST):
            entry, _ = book.add(AddressId(ids.new(START)), AddressDetails(address=address), START)
            async with identity.transactions() as transaction:
                await transaction.addresses.add(entry)
                await transaction.commit()
    book = await book_of(identity, ada)
    moved = AddressDetails(address=LEAST, default_shipping=True, default_billing=True)
    changed = book.replace(book.entries[1].id, moved, LATER)
    assert len(changed) == 2
    async with identity.transactions() as transaction:
        for entry in changed:
            await transaction.addresses.save(entry)
        await transaction.commit()
    assert list(map(facts, (await book_of(identity, ada)).entries)) == [
        facts(entry) for entry in book.entries
    ]
    gone = book.remove(book.entries[0].id)
    async with identity.transactions() as transaction:
        await transaction.addresses.remove(gone)
    assert len((await book_of(identity, ada)).entries) == 2
    async with identity.transactions() as transaction:
        await transaction.addresses.remove(gone)
        await transaction.commit()
    assert [e.id for e in (await book_of(identity, ada)).entries] == [book.entries[0].id]
    async with identity.transactions() as transaction:
        await transaction.addresses.forget_all(ada)
        await transaction.addresses.forget_all(UserId(UUID(int=1)))
        await transaction.commit()
    assert (await book_of(identity, ada)).entries == []
    assert len((await book_of(identity, kate)).entries) == 2


async def test_what_is_loaded_of_an_address_is_a_copy(identity: Identity) -> None:
    ada = await identity.open_account()
    book = AddressBook(ada, [])
    entry, _ = book.add(AddressId(Uuid7Ids().new(START)), AddressDetails(address=LEAST), START)
    async with identity.transactions() as transaction:
        await transaction.addresses.add(entry)
        entry.version = 99
        loaded = await transaction.addresses.book_of(ada)
        assert loaded.entries[0].version == 1
        loaded.entries[0].version = 98
        loaded.entries.clear()
        await transaction.commit()
    assert [e.version for e in (await book_of(identity, ada)).entries] == [1]
