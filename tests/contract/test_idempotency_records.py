"""The promises of ``IdempotencyRecords`` and of ``Once`` over them."""

import asyncio
from dataclasses import replace

import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.support.goods import a_category

from ecommerce.application.shared.idempotency import (
    IdempotencyClaim,
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
    Once,
    StoredAnswer,
)
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.slugs import Slug

Shop = TransactionFactory[ShopTransaction]

CLAIM = IdempotencyClaim(
    principal="user:1", route="POST /v1/products", key="k", fingerprint=b"\x01"
)
ANSWER = StoredAnswer(
    status=201,
    headers=(("location", "/v1/products/é"), ("etag", '"1-a"'), ("etag", "twice")),
    body=b'{"name":"\xc3\xa9"}\x00\xff',
)


async def remember(shop: Shop, claim: IdempotencyClaim, *, commit: bool = True) -> None:
    async with shop() as transaction:
        assert await transaction.idempotency.claim(claim) is None
        await transaction.idempotency.remember(claim, ANSWER)
        if commit:
            await transaction.commit()


async def claimed(shop: Shop, claim: IdempotencyClaim) -> StoredAnswer | None:
    async with shop() as transaction:
        return await transaction.idempotency.claim(claim)


async def test_an_answer_comes_back_byte_for_byte(shop: Shop) -> None:
    await remember(shop, CLAIM)
    assert await claimed(shop, CLAIM) == ANSWER


async def test_another_fingerprint_is_refused(shop: Shop) -> None:
    await remember(shop, CLAIM)
    with pytest.raises(IdempotencyKeyReusedError):
        await claimed(shop, replace(CLAIM, fingerprint=b"\x02"))


@pytest.mark.parametrize(
    "other",
    [
        replace(CLAIM, principal="user:2"),
        replace(CLAIM, route="POST /v1/categories"),
        replace(CLAIM, key="K"),
    ],
)
async def test_a_claim_is_principal_route_and_key(shop: Shop, other: IdempotencyClaim) -> None:
    await remember(shop, CLAIM)
    assert await claimed(shop, other) is None


async def test_an_answer_goes_with_its_transaction(shop: Shop) -> None:
    await remember(shop, CLAIM, commit=False)
    assert await claimed(shop, CLAIM) is None


async def test_a_claim_is_free_again_after_a_failure(shop: Shop) -> None:
    async def failing() -> None:
        async with shop() as transaction:
            await transaction.idempotency.claim(CLAIM)
            raise LookupError

    with pytest.raises(LookupError):
        await failing()
    assert await claimed(shop, CLAIM) is None


async def test_twenty_at_once_have_one_effect(shop: Shop, store: Store) -> None:
    once = Once(shop)
    effects: list[int] = []

    async def work() -> StoredAnswer:
        async with shop() as transaction:
            slug = await transaction.categories.free_slug("tea")
            await transaction.categories.add(a_category(slug.value))
            await asyncio.sleep(0.02)
            effects.append(1)
            await transaction.commit()
        return ANSWER

    outcomes = await asyncio.gather(*(once(CLAIM, work) for _ in range(20)), return_exceptions=True)
    answers = [each for each in outcomes if isinstance(each, tuple)]
    refused = [each for each in outcomes if isinstance(each, IdempotencyInProgressError)]
    assert len(answers) + len(refused) == 20
    assert [replayed for _, replayed in answers].count(False) == 1
    assert all(answer == ANSWER for answer, _ in answers)
    assert len(effects) == 1
    async with shop() as transaction:
        assert await transaction.categories.free_slug("tea") == Slug("tea-2")


async def test_once_remembers_nothing_of_a_failure(shop: Shop) -> None:
    once = Once(shop)

    async def failing() -> StoredAnswer:
        async with shop() as transaction:
            await transaction.categories.add(a_category("tea"))
            await transaction.commit()
        raise LookupError

    async def succeeding() -> StoredAnswer:
        return ANSWER

    with pytest.raises(LookupError):
        await once(CLAIM, failing)
    async with shop() as transaction:
        assert await transaction.categories.free_slug("tea") == Slug("tea")
    assert await once(CLAIM, succeeding) == (ANSWER, False)
    assert await once(CLAIM, failing) == (ANSWER, True)
