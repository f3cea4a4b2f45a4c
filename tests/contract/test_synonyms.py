"""The promises of ``Synonyms``."""

from dataclasses import fields

import pytest
from tests.contract.conftest import ShopTransaction
from tests.support.goods import LATER, new_id
from tests.support.merchandising import a_group

from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.merchandising.errors import SynonymGroupNotFoundError, SynonymTakenError
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import SynonymGroupId

Shop = TransactionFactory[ShopTransaction]


def known(group: SynonymGroup) -> dict[str, object]:
    return {field.name: getattr(group, field.name) for field in fields(group)}


async def keep(shop: Shop, *groups: SynonymGroup) -> None:
    async with shop() as transaction:
        for group in groups:
            await transaction.synonyms.add(group)
        await transaction.commit()


async def stored(shop: Shop, group_id: SynonymGroupId) -> SynonymGroup:
    async with shop() as transaction:
        return await transaction.synonyms.get(group_id)


async def change(shop: Shop, group_id: SynonymGroupId, *terms: str) -> None:
    async with shop() as transaction:
        group = await transaction.synonyms.get(group_id)
        group.change(terms, LATER)
        await transaction.synonyms.save(group)
        await transaction.commit()


async def test_every_field_survives_a_round_trip(shop: Shop) -> None:
    group, other = a_group("Zürich", "basel", "Ärmel  lang"), a_group("x", "y")
    await keep(shop, group, other)
    assert known(await stored(shop, group.id)) == known(group)
    await change(shop, group.id, "basel", "Zurich", "new", "ärmel")
    group.change(["basel", "Zurich", "new", "ärmel"], LATER)
    assert known(await stored(shop, group.id)) == known(group)
    assert known(await stored(shop, other.id)) == known(other)


async def test_a_loaded_copy_is_isolated(shop: Shop) -> None:
    group = a_group("mug", "cup")
    await keep(shop, group)
    (await stored(shop, group.id)).change(["a", "b"], LATER)
    group.change(["c", "d"], LATER)
    assert (await stored(shop, group.id)).terms == ("mug", "cup")


async def test_what_is_not_committed_never_was(shop: Shop) -> None:
    group = a_group("mug", "cup")
    async with shop() as transaction:
        await transaction.synonyms.add(group)
    with pytest.raises(SynonymGroupNotFoundError):
        await stored(shop, group.id)


async def test_an_absent_group_is_not_found(shop: Shop) -> None:
    with pytest.raises(SynonymGroupNotFoundError):
        await stored(shop, SynonymGroupId(new_id()))


async def test_a_term_stands_in_one_group(shop: Shop) -> None:
    group = a_group("crème", "custard")
    await keep(shop, group, a_group("mug", "cup"))
    with pytest.raises(SynonymTakenError) as refused:
        await keep(shop, a_group("pudding", "CREME", "Cup"))
    assert [each.pointer for each in refused.value.violations] == ["/terms/1", "/terms/2"]
    with pytest.raises(SynonymTakenError):
        await change(shop, group.id, "custard", "MUG")
    assert (await stored(shop, group.id)).terms == ("crème", "custard")


async def test_terms_that_are_left_out_or_removed_are_free(shop: Shop) -> None:
    group = a_group("mug", "cup", "beaker")
    await keep(shop, group)
    await change(shop, group.id, "Beaker", "mug")
    other = a_group("cup", "goblet")
    await keep(shop, other)
    async with shop() as transaction:
        await transaction.synonyms.remove(await transaction.synonyms.get(group.id))
        await transaction.commit()
    with pytest.raises(SynonymGroupNotFoundError):
        await stored(shop, group.id)
    await keep(shop, a_group("mug", "beaker"))
    assert (await stored(shop, other.id)).terms == ("cup", "goblet")
