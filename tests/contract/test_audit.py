"""The promises of ``Audit``."""

from collections.abc import Iterator

import pytest
from tests.contract.conftest import Store
from tests.support.goods import NOON

from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.origin import THE_SHOP, Origin, Principal, come_from

ADA = Origin(Principal("user", "ada"), request_id="r-1", client="192.0.2.7")


@pytest.fixture(autouse=True)
def asked_by_ada() -> Iterator[None]:
    come_from(ADA)
    yield
    come_from(THE_SHOP)


def an_entry(action: str = "mug.changed", **facts: str) -> AuditEntry:
    return AuditEntry(action=action, subject_type="mug", subject_id="7", after=facts)


async def test_every_field_survives_a_round_trip(store: Store) -> None:
    entry = AuditEntry(
        action="mug.changed",
        subject_type="mug",
        subject_id="7",
        before={"name": 'Wörn "mug"', "price": 1250, "sold": True, "brand": None},
        after={"name": "New\nmug", "price": 1.5, "sold": False, "brand": "Acme"},
    )
    async with store.transactions() as transaction:
        transaction.audit.record(entry)
        await transaction.commit()

    (record,) = await store.audited()
    assert (record.at, record.principal) == (NOON, ADA.principal)
    assert (record.request_id, record.client) == ("r-1", "192.0.2.7")
    assert (record.action, record.subject_type, record.subject_id) == ("mug.changed", "mug", "7")
    assert (record.before, record.after) == (entry.before, entry.after)


async def test_what_nobody_asked_for_was_done_by_the_shop(store: Store) -> None:
    come_from(THE_SHOP)
    async with store.transactions() as transaction:
        transaction.audit.record(AuditEntry(action="mugs.counted", subject_type="mugs"))
        await transaction.commit()

    (record,) = await store.audited()
    assert record.principal == Principal("system")
    assert (record.subject_id, record.before, record.after) == (None, None, None)
    assert (record.request_id, record.client) == (None, None)


async def test_an_entry_can_say_who_did_it(store: Store) -> None:
    bob = Principal("user", "bob")
    async with store.transactions() as transaction:
        transaction.audit.record(
            AuditEntry(action="session.started", subject_type="session", by=bob)
        )
        await transaction.commit()

    (record,) = await store.audited()
    assert (record.principal, record.request_id) == (bob, "r-1")


async def test_entries_are_kept_in_the_order_recorded(store: Store) -> None:
    async with store.transactions() as transaction:
        transaction.audit.record(an_entry("a"), an_entry("b"))
        transaction.audit.record(an_entry("c"))
        await transaction.commit()
    assert [record.action for record in await store.audited()] == ["a", "b", "c"]


async def test_what_is_rolled_back_leaves_no_entry(store: Store) -> None:
    async with store.transactions() as transaction:
        transaction.audit.record(an_entry())
    assert await store.audited() == []


async def test_a_joined_block_writes_with_the_outermost_commit(store: Store) -> None:
    async with store.transactions() as outer:
        outer.audit.record(an_entry("outer"))
        async with store.transactions() as inner:
            inner.audit.record(an_entry("inner"))
            await inner.commit()
        assert await store.audited() == []
        await outer.commit()
    assert [record.action for record in await store.audited()] == ["outer", "inner"]


async def test_a_joined_block_alone_keeps_nothing(store: Store) -> None:
    async with store.transactions(), store.transactions() as inner:
        inner.audit.record(an_entry())
        await inner.commit()
    assert await store.audited() == []


async def test_secrets_and_long_texts_are_not_kept(store: Store) -> None:
    async with store.transactions() as transaction:
        transaction.audit.record(an_entry(password="correct horse", description="x" * 10_000))
        await transaction.commit()
    (record,) = await store.audited()
    assert record.after == {"password": "[hidden]", "description": "x" * 199 + "…"}
