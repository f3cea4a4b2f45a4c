"""What the use cases of merchandising leave behind."""

import pytest
from tests.support.goods import LATER, NOON, new_id
from tests.support.merchandising import MerchandisingOffice

from ecommerce.application.catalog.delete_category import DeleteCategory
from ecommerce.application.catalog.delete_product import DeleteProduct
from ecommerce.application.merchandising.create_pin import CreatePin
from ecommerce.application.merchandising.create_synonym_group import CreateSynonymGroup
from ecommerce.application.merchandising.delete_pin import DeletePin
from ecommerce.application.merchandising.delete_synonym_group import DeleteSynonymGroup
from ecommerce.application.merchandising.replace_pin import ReplacePin
from ecommerce.application.merchandising.replace_synonym_group import ReplaceSynonymGroup
from ecommerce.domain.merchandising.errors import (
    InvalidPinError,
    InvalidSynonymsError,
    PinNotFoundError,
    PinTakenError,
    SynonymGroupNotFoundError,
    SynonymTakenError,
    UnknownPinnedCategoryError,
    UnknownPinnedProductsError,
)
from ecommerce.domain.merchandising.pin import PinDetails
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId


@pytest.fixture
def office() -> MerchandisingOffice:
    return MerchandisingOffice()


async def synonyms(office: MerchandisingOffice, *terms: str) -> SynonymGroupId:
    return (await office.create_synonyms(CreateSynonymGroup(terms=terms))).id


def pinned(
    *product_ids: ProductId, query: str | None = None, category: CategoryId | None = None
) -> PinDetails:
    return PinDetails(query=query, category_id=category, product_ids=product_ids)


async def test_a_group_comes_changes_and_goes(office: MerchandisingOffice) -> None:
    group_id = await synonyms(office, "Mug", "cup")
    group = office.state.synonym_groups[group_id]
    assert (group.terms, group.version, group.created_at) == (("Mug", "cup"), 1, NOON)
    office.clock.at = LATER
    command = ReplaceSynonymGroup(group_id=group_id, terms=("mug", "beaker"), expected_version=1)
    assert (await office.replace_synonyms(command)).version == 2
    group = office.state.synonym_groups[group_id]
    assert (group.terms, group.version, group.updated_at) == (("mug", "beaker"), 2, LATER)
    same = ReplaceSynonymGroup(group_id=group_id, terms=("mug", "beaker"))
    assert (await office.replace_synonyms(same)).version == 2
    await synonyms(office, "cup", "goblet")
    with pytest.raises(StaleVersionError):
        await office.delete_synonyms(DeleteSynonymGroup(group_id=group_id, expected_version=1))
    await office.delete_synonyms(DeleteSynonymGroup(group_id=group_id, expected_version=2))
    await synonyms(office, "Beaker", "mug")
    assert group_id not in office.state.synonym_groups


async def test_a_refused_group_leaves_nothing(office: MerchandisingOffice) -> None:
    first = await synonyms(office, "crème", "custard")
    other = await synonyms(office, "mug", "cup")
    with pytest.raises(SynonymTakenError) as refused:
        await synonyms(office, "pudding", "CREME")
    assert [each.pointer for each in refused.value.violations] == ["/terms/1"]
    for command, error in (
        (ReplaceSynonymGroup(group_id=first, terms=("custard", "Cup")), SynonymTakenError),
        (ReplaceSynonymGroup(group_id=first, terms=("custard",)), InvalidSynonymsError),
        (
            ReplaceSynonymGroup(group_id=first, terms=("a", "b"), expected_version=2),
            StaleVersionError,
        ),
        (
            ReplaceSynonymGroup(group_id=SynonymGroupId(new_id()), terms=("a", "b")),
            SynonymGroupNotFoundError,
        ),
    ):
        with pytest.raises(error):
            await office.replace_synonyms(command)
    assert {g.terms for g in office.state.synonym_groups.values()} == {
        ("crème", "custard"),
        ("mug", "cup"),
    }
    assert office.state.synonym_groups[first].version == 1
    assert office.state.synonym_groups[other].version == 1


async def test_a_pin_comes_changes_and_goes(office: MerchandisingOffice) -> None:
    one, two = await office.a_product("one"), await office.a_product("two")
    category = await office.a_category("Kitchen")
    made = await office.create_pin(CreatePin(details=pinned(two, one, query="Mugs")))
    pin = office.state.pins[made.id]
    assert (pin.query, pin.product_ids, pin.version) == ("Mugs", (two, one), 1)
    office.clock.at = LATER
    command = ReplacePin(pin_id=made.id, details=pinned(one, category=category), expected_version=1)
    assert (await office.replace_pin(command)).version == 2
    assert (
        await office.replace_pin(ReplacePin(pin_id=made.id, details=command.details))
    ).version == 2
    pin = office.state.pins[made.id]
    assert (pin.query, pin.category_id, pin.product_ids) == (None, category, (one,))
    assert pin.updated_at == LATER
    await office.create_pin(CreatePin(details=pinned(one, query="mugs")))
    with pytest.raises(StaleVersionError):
        await office.delete_pin(DeletePin(pin_id=made.id, expected_version=1))
    await office.delete_pin(DeletePin(pin_id=made.id))
    with pytest.raises(PinNotFoundError):
        await office.delete_pin(DeletePin(pin_id=made.id))


async def test_a_refused_pin_leaves_nothing(office: MerchandisingOffice) -> None:
    one = await office.a_product("one")
    kitchen, garden = await office.a_category("Kitchen"), await office.a_category("Garden")
    absent, nowhere = ProductId(new_id()), CategoryId(new_id())
    first = await office.create_pin(CreatePin(details=pinned(one, query="mug")))
    await office.create_pin(CreatePin(details=pinned(one, category=kitchen)))
    before = {id_: (pin.query, pin.version) for id_, pin in office.state.pins.items()}
    for details, error in (
        (pinned(one, query="MÚG"), PinTakenError),
        (pinned(one, category=kitchen), PinTakenError),
        (pinned(one, category=nowhere), UnknownPinnedCategoryError),
        (pinned(one, absent, category=garden), UnknownPinnedProductsError),
        (pinned(one, query="x", category=nowhere), InvalidPinError),
    ):
        with pytest.raises(error):
            await office.create_pin(CreatePin(details=details))
        if details.query != "MÚG":
            with pytest.raises(error):
                await office.replace_pin(ReplacePin(pin_id=first.id, details=details))
    absent_pin = ReplacePin(pin_id=PinId(new_id()), details=pinned(absent, query="x"))
    with pytest.raises(PinNotFoundError):
        await office.replace_pin(absent_pin)
    stale = ReplacePin(pin_id=first.id, details=pinned(absent, query="x"), expected_version=2)
    with pytest.raises(StaleVersionError):
        await office.replace_pin(stale)
    assert {id_: (pin.query, pin.version) for id_, pin in office.state.pins.items()} == before


async def test_every_unknown_product_is_pointed_at(office: MerchandisingOffice) -> None:
    one, absent, other = await office.a_product("one"), ProductId(new_id()), ProductId(new_id())
    with pytest.raises(UnknownPinnedProductsError) as refused:
        await office.create_pin(CreatePin(details=pinned(absent, one, other, query="mug")))
    pointers = [each.pointer for each in refused.value.violations]
    assert pointers == ["/product_ids/0", "/product_ids/2"]


async def test_what_leaves_the_shop_leaves_its_pins(office: MerchandisingOffice) -> None:
    one, two = await office.a_product("one"), await office.a_product("two")
    kitchen = await office.a_category("Kitchen")
    of_query = await office.create_pin(CreatePin(details=pinned(one, two, query="mug")))
    of_category = await office.create_pin(CreatePin(details=pinned(one, category=kitchen)))
    await office.delete_product(DeleteProduct(product_id=one))
    assert office.state.pins[of_query.id].product_ids == (two,)
    assert office.state.pins[of_category.id].product_ids == ()
    await office.delete_category(DeleteCategory(category_id=kitchen))
    assert set(office.state.pins) == {of_query.id}
