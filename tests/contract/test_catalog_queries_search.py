"""The promises of ``CatalogQueries`` where there is a text to search for."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from tests.contract.conftest import FillWith, ShopTransaction, Store, store_of
from tests.support.goods import NOON, new_id
from tests.support.reads import STORES, catalog_of
from tests.support.searched import OTHERS, SearchedShop, searched_shop

from ecommerce.application.catalog.facets import PriceFacet
from ecommerce.application.catalog.queries import (
    CatalogQueries,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
)
from ecommerce.application.catalog.search.planner import ENOUGH
from ecommerce.application.shared.paging import PageRequest, Total
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.category import CategoryDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.merchandising.pin import Pin, PinDetails
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId

Shop = TransactionFactory[ShopTransaction]

PINS = ListingOptions(pins=True)
ALL = ("active", "draft", "archived")


class Staff:
    """Pins and says what means the same, as staff do."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._pins: dict[str | UUID, PinId] = {}

    async def pin(self, where: str | CategoryId, *product_ids: UUID) -> None:
        """Pin for a text or in a category, in place of what was pinned there."""
        details = PinDetails(
            query=where if isinstance(where, str) else None,
            category_id=None if isinstance(where, str) else where,
            product_ids=tuple(map(ProductId, product_ids)),
        )
        async with self._shop() as transaction:
            if where in self._pins:
                pin = await transaction.pins.get(self._pins[where])
                pin.change(details, NOON)
                await transaction.pins.save(pin)
            else:
                pin = Pin.create(PinId(new_id()), details, NOON)
                await transaction.pins.add(pin)
                self._pins[where] = pin.id
            await transaction.commit()

    async def say_alike(self, *terms: str) -> None:
        """Have terms find the same."""
        async with self._shop() as transaction:
            group = SynonymGroup.create(SynonymGroupId(new_id()), terms, NOON)
            await transaction.synonyms.add(group)
            await transaction.commit()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    return store_of(request)


@pytest.fixture
def staff(shop: Shop) -> Staff:
    return Staff(shop)


@pytest.fixture
def catalog(store: Store, request: pytest.FixtureRequest) -> CatalogQueries:
    return catalog_of(store.transactions, request)


async def fill(shop: Shop, goods: SearchedShop) -> SearchedShop:
    async with shop() as transaction:
        for category in goods.categories.values():
            await transaction.categories.add(category)
        for product in goods.products.values():
            await transaction.products.add(product)
        await transaction.stock.open(goods.stock, goods.movements)
        await transaction.commit()
    return goods


class Search:
    """Searches, and says slugs."""

    def __init__(self, catalog: CatalogQueries, goods: SearchedShop) -> None:
        self.catalog = catalog
        self.goods = goods

    async def page(
        self,
        text: str | None,
        options: ListingOptions = PINS,
        sort: ProductSort = ProductSort.RELEVANCE,
        criteria: ProductFilter = ProductFilter(),  # noqa: B008 - frozen
        page: PageRequest = PageRequest(limit=100, include_total=True),  # noqa: B008 - frozen
    ) -> ProductPage:
        return await self.catalog.list_products(replace(criteria, text=text), sort, page, options)

    async def __call__(
        self,
        text: str | None,
        options: ListingOptions = PINS,
        sort: ProductSort = ProductSort.RELEVANCE,
        criteria: ProductFilter = ProductFilter(),  # noqa: B008 - frozen
    ) -> list[str]:
        page = await self.page(text, options, sort, criteria)
        assert page.total == Total(len(page.items), "eq")
        return [card.slug for card in page.items]


@pytest.fixture
async def search(shop: Shop, catalog: CatalogQueries, fill_with: FillWith) -> Search:
    goods = await fill_with("searched", searched_shop, lambda goods: fill(shop, goods))
    return Search(catalog, goods)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("crimson", ["jacket"]),
        ("ELASTANE", ["jacket"]),
        ("waterproof", ["jacket"]),
        ("petite", ["jacket"]),
        ("nordwand", ["jacket"]),
        ("pouring cold", ["jacket"]),
        ("amp", []),
        ("cafe creme", ["cafe"]),
        ("CAFÉ", ["cafe"]),
        ("kitchens", ["cafe"]),
        ("outdoor", ["dome"]),
        ("dome tent", ["dome"]),
        ("woman hands", ["soap"]),
        ("womens hand", ["soap"]),
        ("running shoes", ["trail", "road", "laces", "cleaner"]),
        ("running shoes -trail", ["road", "cleaner"]),
        ("-article", ["jackets", "jacket", "trail", "road", "cleaner", "laces", "cafe", "soap",
                      "red", "couch", "dome"]),
        ('"running shoe"', ["trail", "road", "cleaner"]),
        ('"shoe running"', []),
        ('running shoe -"running shoe"', ["laces"]),
        ("sku-dome", ["dome"]),
        ("SKU-DOME", ["dome"]),
        (" 4006381333931 ", ["jacket"]),
        ("qzj-Äxq/B", ["couch"]),
        ("qzj-äxq/B", []),
        ("jack", ["jackets", "jacket"]),
        ("jakcet", ["jacket", "jackets"]),
        ("trail runnign sheo", ["trail", "laces", "road", "cleaner"]),
        ("qqqq", []),
        ("🎉", []),
        (" ", []),
    ],
)  # fmt: skip
async def test_what_a_text_finds(search: Search, text: str, found: list[str]) -> None:
    slugs = await search(text)
    assert sorted(slugs) == sorted(found)


async def test_the_name_says_more_than_the_description(search: Search) -> None:
    assert (await search("running shoe"))[:2] == ["trail", "road"]
    assert (await search("running shoe"))[-1] == "cleaner"


async def test_an_exact_code_comes_before_everything_but_pins(search: Search, staff: Staff) -> None:
    assert await search("red-7") == ["soap", "red"]
    await staff.pin("red-7", search.goods.id("couch"))
    assert await search("Red-7") == ["couch", "soap", "red"]


async def test_equal_scores_stand_by_id_the_youngest_first(search: Search) -> None:
    slugs = await search("article")
    assert slugs == [f"other-{number}" for number in reversed(range(OTHERS))]


async def test_synonyms_count_for_less_than_the_word(search: Search, staff: Staff) -> None:
    assert await search("sofa") == []
    await staff.say_alike("sofa", "couch", "running shoe")
    assert await search("sofa") == ["couch", "trail", "road", "laces", "cleaner"]
    assert (await search("couch"))[0] == "couch"


async def test_drafts_are_found_by_those_who_ask_for_them_only(search: Search) -> None:
    assert "draft" not in await search("secret running shoe")
    everything = ProductFilter(statuses=ALL)
    assert (await search("secret running shoe", criteria=everything))[0] == "draft"
    assert await search("secret", criteria=ProductFilter(statuses=("draft",))) == ["draft"]


async def test_enough_is_counted_before_other_filters(search: Search) -> None:
    """The price leaves one of the words' own hits, yet nothing is corrected or left out."""
    cheap = ProductFilter(price_max=700)
    assert sorted(await search("article jacket", criteria=cheap)) == []
    assert sorted(await search("running shoe", criteria=cheap)) == ["cleaner", "laces"]


async def test_enough_is_counted_among_the_statuses_asked_for(
    shop: Shop, catalog: CatalogQueries
) -> None:
    goods = SearchedShop()
    for number in range(ENOUGH):
        goods.product(f"draft-{number}", "Gizmos", status=ProductStatus.DRAFT)
    for number in range(3 * ENOUGH):
        goods.product(f"other-{number}", "Other")
    goods.product("active", "Gismos")
    search = Search(catalog, await fill(shop, goods))
    assert await search("gizmos") == ["active"], "drafts are not enough for those who see none"
    assert len(await search("gizmos", criteria=ProductFilter(statuses=ALL))) == ENOUGH


async def test_other_sorts_keep_their_key(search: Search) -> None:
    assert await search("running shoe", sort=ProductSort.PRICE) == [
        "laces", "cleaner", "road", "trail",
    ]  # fmt: skip
    stock_first = ListingOptions(in_stock_first=True)
    for sort, slugs in (
        (ProductSort.PRICE, ["laces", "cleaner", "trail", "road"]),
        (ProductSort.NAME, ["cleaner", "laces", "trail", "road"]),
        (ProductSort.CREATED_AT, ["trail", "cleaner", "laces", "road"]),
        (ProductSort.RELEVANCE, ["trail", "laces", "cleaner", "road"]),
    ):
        assert await search("running shoe", stock_first, sort) == slugs
    plain = await search(None, stock_first, ProductSort.NAME_DESC)
    assert plain[0] == "trail"
    assert set(plain[-2:]) == {"road", "jackets"}


async def test_pins_lead_in_their_order_and_are_counted(search: Search, staff: Staff) -> None:
    await staff.pin(
        "running shoe",
        search.goods.id("couch"),
        search.goods.id("laces"),
        search.goods.id("draft"),
    )
    options = ListingOptions(pins=True, facets=("price",))
    page = await search.page("Running  SHOE", options)
    assert [card.slug for card in page.items] == ["couch", "laces", "trail", "road", "cleaner"]
    assert page.total == Total(5, "eq")
    assert page.facets is not None
    prices = page.facets["price"]
    assert isinstance(prices, PriceFacet)
    assert sum(bucket.count for bucket in prices.buckets) == 5
    assert "couch" not in await search("running shoe", ListingOptions())
    assert "couch" not in await search("running shoes")


async def test_pins_pass_every_filter_but_the_text(search: Search, staff: Staff) -> None:
    await staff.pin("running shoe", search.goods.id("couch"), search.goods.id("jackets"))
    cheap = ProductFilter(price_max=1_000)
    assert await search("running shoe", criteria=cheap) == ["couch", "laces", "cleaner"]


async def test_pins_of_a_category_lead_where_it_is_the_only_one(
    search: Search, staff: Staff
) -> None:
    outdoor = search.goods.categories["outdoor"]
    kitchen = search.goods.categories["kitchen"]
    await staff.pin(outdoor.id, search.goods.id("dome"), search.goods.id("couch"))
    by = ProductSort.CREATED_AT_DESC
    both = ProductFilter(categories=("outdoor", "kitchen"))
    for key in ("outdoor", str(outdoor.id)):
        assert await search(None, PINS, by, ProductFilter(categories=(key,))) == ["dome"]
    assert await search(None, PINS, by, both) == ["cafe", "dome"]
    await staff.pin(kitchen.id, search.goods.id("dome"))
    assert await search(None, PINS, by, both) == ["cafe", "dome"]
    assert await search("maker", criteria=ProductFilter(categories=("kitchen",))) == ["cafe"]


@pytest.mark.parametrize("sort", ProductSort)
@pytest.mark.parametrize("in_stock_first", [False, True])
@pytest.mark.parametrize(
    ("text", "limit"),
    [("article running shoe", 12), ("-article", 4), ("running shoe", 1), (None, 12)],
)
async def test_pages_there_and_back_again(
    search: Search,
    staff: Staff,
    sort: ProductSort,
    in_stock_first: bool,
    text: str | None,
    limit: int,
) -> None:
    await staff.pin("running shoe", search.goods.id("couch"), search.goods.id("laces"))
    pins = sort in {ProductSort.RELEVANCE, ProductSort.CREATED_AT_DESC}
    options = ListingOptions(pins=pins, in_stock_first=in_stock_first, facets=("brand",))
    whole = await search.page(text, options, sort)
    there: list[Sequence[UUID]] = []
    request = PageRequest(limit=limit, include_total=True)
    while True:
        page = await search.page(text, options, sort, page=request)
        assert (page.total, page.facets) == (whole.total, whole.facets)
        there.append([card.id for card in page.items])
        assert len(there) <= len(whole.items), "a page comes again"
        if page.next is None:
            break
        request = replace(request, position=page.next)
    assert [each for ids in there for each in ids] == [card.id for card in whole.items]
    assert len(there) > 2, "pages with neighbours on both sides"
    back = [there[-1]]
    while page.previous is not None:
        page = await search.page(text, options, sort, page=replace(request, position=page.previous))
        back.insert(0, [card.id for card in page.items])
    assert back == there


async def test_later_pages_rank_as_the_first_did(shop: Shop, search: Search, staff: Staff) -> None:
    await staff.pin("running shoe", search.goods.id("couch"))
    first = await search.page("running shoe", page=PageRequest(limit=2))
    assert [card.slug for card in first.items] == ["couch", "trail"]
    await staff.pin("running shoe", search.goods.id("road"))
    await staff.say_alike("shoe", "article")
    async with shop() as transaction:
        couch = await transaction.products.get(search.goods.id("couch"))
        couch.describe(replace(couch.details(), name="Running shoe couch"), NOON)
        await transaction.products.save(couch)
        await transaction.commit()
    rest = await search.page("running shoe", page=PageRequest(limit=100, position=first.next))
    assert [card.slug for card in rest.items] == ["road", "laces", "cleaner"]


async def test_a_search_follows_every_change(shop: Shop, search: Search) -> None:
    async with shop() as transaction:
        couch = await transaction.products.get(search.goods.id("couch"))
        couch.describe(replace(couch.details(), name="Chaise longue", tags=("velvet",)), NOON)
        await transaction.products.save(couch)
        await transaction.products.remove(await transaction.products.get(search.goods.id("soap")))
        await transaction.categories.hold_tree()
        tents = await transaction.categories.get(search.goods.categories["tents"].id)
        tents.change(CategoryDetails(slug=tents.slug, name="Shelters"), NOON)
        await transaction.categories.save(tents)
        assert await search("velvet") == ["couch"], "within the transaction"
        await transaction.commit()
    assert await search("velvet") == ["couch"]
    assert await search("couch") == []
    assert await search("soap") == []
    assert await search("red-7") == ["red"]
    assert await search("shelter") == ["dome"]
    assert await search("tent") == []


async def test_explanations_add_up(search: Search, staff: Staff) -> None:
    await staff.pin("red-7 sheo", search.goods.id("couch"))
    for text in ("running shoe", "RED-7", "red-7 sheo", "outdoor dom", None):
        page = await search.page(text, ListingOptions(pins=True, explain=True))
        assert page.explanations is not None
        assert [each.product_id for each in page.explanations] == [card.id for card in page.items]
        for each in page.explanations:
            assert sum(part.score for part in each.parts) == each.score
            assert all(part.score == part.rarity * part.impact for part in each.parts)
    (first, second) = (await search.page("red-7", ListingOptions(explain=True))).explanations or ()
    assert (first.exact_code, second.exact_code) == (True, False)
    assert [part.word for part in second.parts] == ["red", "7"]
    (pinned, *_) = (
        await search.page("red-7 sheo", ListingOptions(pins=True, explain=True))
    ).explanations or ()
    assert (pinned.pinned, pinned.score, pinned.parts) == (True, 0, ())
    corrected = (await search.page("jakcet", ListingOptions(explain=True))).explanations or ()
    assert {part.kind for each in corrected for part in each.parts} == {"correction"}
    assert {part.matched for each in corrected for part in each.parts} == {"jacket"}
    assert (await search.page("running shoe")).explanations is None


async def test_what_is_there_without_matching_has_no_score(search: Search, staff: Staff) -> None:
    await staff.pin("running shoe", search.goods.id("jackets"), search.goods.id("laces"))
    await staff.pin("shoe -laces", search.goods.id("laces"))
    for text, slugs in (("running shoe", ["jackets", "laces"]), ("shoe -laces", ["laces"])):
        page = await search.page(text, ListingOptions(pins=True, explain=True))
        found = {each.product_id: each for each in page.explanations or ()}
        assert [card.slug for card in page.items][: len(slugs)] == slugs
        matching = await search(text, ListingOptions())
        for slug in slugs:
            assert (found[search.goods.id(slug)].score > 0) is (slug in matching)


async def test_a_code_counts_towards_enough(shop: Shop, catalog: CatalogQueries) -> None:
    goods = SearchedShop()
    goods.product("coded", "Something else", sku="gismo")
    for number in range(ENOUGH - 1):
        goods.product(f"said-{number}", "Gismo")
    for number in range(3 * ENOUGH):
        goods.product(f"other-{number}", "Gizmo")
    search = Search(catalog, await fill(shop, goods))
    assert len(await search("gismo")) == ENOUGH, "nothing is corrected where enough is found"


@pytest.mark.parametrize(
    "text",
    [
        "'", '"', "\\", "%", "_", "*", ":*", "!&|", "()", "-", "--", '-"', "a:b", "<->", "\x01",
        "' OR 1=1 --", "a" * 16_384, "a " * 8_000, '"' * 5_000, "-a " * 5_000, "é" * 5_000,
        "👟" * 4_000, "\u202e\u200b\ufeff", "नमस्ते", "قميص", "自転車", "ﬃ", "\ud7ff\ue000",
    ],
)  # fmt: skip
async def test_any_text_is_good(search: Search, text: str) -> None:
    for sort in (ProductSort.RELEVANCE, ProductSort.NAME):
        options = ListingOptions(pins=True, facets=("brand", "price"), explain=True)
        page = await search.page(text, options if sort is ProductSort.RELEVANCE else PINS, sort)
        assert page.total is not None
        assert page.total.value == len(page.items)
    assert await search.catalog.suggest(text, 5) is not None
