"""From exactly what was typed to whatever comes near."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from tests.support.reads import english

from ecommerce.application.catalog.search.plan import SearchPlan, plan_of, written
from ecommerce.application.catalog.search.planner import (
    CODES,
    COMPLETIONS,
    CORRECTIONS,
    KnownWord,
    corrections,
    rarity,
    search_plans,
)
from ecommerce.application.catalog.search.product import SearchedText, hit_of
from ecommerce.application.catalog.search.words import impacts


@dataclass
class Words:
    """A vocabulary by hand: how many products have each word."""

    products: dict[str, int]
    groups: dict[tuple[str, ...], Sequence[tuple[str, ...]]] = field(default_factory=dict)
    codes: Sequence[UUID] = ()
    total: int = 1_000

    async def count(self) -> int:
        return self.total

    async def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        return {
            known.stem: known.products for known in await self.resembling("") if known.stem in stems
        }

    async def beginning(self, prefix: str, limit: int) -> Sequence[KnownWord]:
        known = await self.resembling("")
        longer = [each for each in known if each.word.startswith(prefix) and each.word != prefix]
        return sorted(longer, key=lambda each: -each.products)[:limit]

    async def resembling(self, word: str) -> Sequence[KnownWord]:
        return [KnownWord(w, english().stem(w), n) for w, n in self.products.items()]

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        return self.groups

    async def coded(self, text: str) -> Sequence[UUID]:
        return self.codes if text == "SKU-1" else ()


SHOP = Words({"trail": 10, "shoe": 20, "red": 30, "trial": 1, "shirt": 5, "jacket": 4, "wool": 500})


async def plans(text: str, words: Words = SHOP) -> list[SearchPlan]:
    return [plan async for plan in search_plans(text, english(), words)]


def alternatives(plan: SearchPlan, number: int) -> set[tuple[str, str]]:
    return {(" ".join(a.stems), a.kind) for a in plan.clauses[number].alternatives}


async def test_strict_comes_first_and_loose_last() -> None:
    found = await plans("jakcet trail red ")
    assert [plan.minimum for plan in found] == [3, 3, 2, 1]
    assert alternatives(found[0], 0) == {("jakcet", "word")}
    assert ("jacket", "correction") in alternatives(found[1], 0)
    assert alternatives(found[0], 1) == {("trail", "word")}
    assert ("trial", "correction") in alternatives(found[1], 1)


async def test_each_plan_finds_what_the_one_before_found() -> None:
    texts = [
        impacts([english().stem(word) for word in title.split()], [], [])
        for title in ("trail shoe", "trial shoe red", "red jacket", "wool shirt", "shoe", "wool")
    ]
    for text in ("trail shoe", "trial sho", "rde shirt wool", "jackets trail wool -red"):
        before: set[int] = set()
        for plan in await plans(text):
            found = {
                number
                for number, own in enumerate(texts)
                if hit_of(plan, UUID(int=number), SearchedText(own, ""), {}, english())
            }
            assert before <= found, (text, plan)
            before = found


async def test_a_word_that_most_products_have_is_not_asked_for() -> None:
    assert (await plans("wool shirt "))[0].minimum == 1
    assert (await plans("wool "))[0].minimum == 1
    assert (await plans("red shirt "))[0].minimum == 2


async def test_the_last_word_goes_on_where_nothing_follows() -> None:
    assert alternatives((await plans("red sh"))[0], 1) == {
        ("sh", "word"), ("shoe", "prefix"), ("shirt", "prefix"),
    }  # fmt: skip
    assert alternatives((await plans("red sh "))[0], 1) == {("sh", "word")}
    assert alternatives((await plans("s"))[0], 0) == {("s", "word")}
    many = Words({f"shoe{n}": n for n in range(1, 50)})
    assert len((await plans("sho", many))[0].clauses[0].alternatives) == 1 + COMPLETIONS


async def test_synonyms_of_one_word_and_of_several() -> None:
    shop = replace(SHOP, groups={("running", "shoe"): [("trainers",)], ("red",): [("crimson",)]})
    (first, *_) = await plans("red running shoe ", shop)
    assert [clause.word for clause in first.clauses] == ["red", "running shoe"]
    assert alternatives(first, 0) == {("red", "word"), ("crimson", "synonym")}
    assert alternatives(first, 1) == {("run shoe", "word"), ("trainer", "synonym")}


async def test_codes_go_with_every_plan() -> None:
    ids = [UUID(int=number) for number in range(CODES + 5)]
    found = await plans(" SKU-1 ", replace(SHOP, codes=ids))
    assert all(plan.codes == tuple(ids[:CODES]) for plan in found)


@pytest.mark.parametrize("text", ["", "  ", "🎉", '"', "-"])
async def test_what_has_no_words_is_hopeless(text: str) -> None:
    assert await plans(text) == [SearchPlan(hopeless=True)]


async def test_what_only_excludes_finds_the_rest() -> None:
    assert await plans("-red") == [SearchPlan(excluded=(("red",),))]


async def test_corrections_have_few_errors_and_are_few() -> None:
    async def meant(word: str) -> list[str]:
        found = await corrections(word, english(), SHOP)
        return [each.stems[0] for each in found]

    assert await meant("jakcet") == ["jacket"]
    assert await meant("trali") == ["trail"], "one error in a short word"
    assert await meant("tralx") == [], "not two"
    assert await meant("re") == []
    assert await meant("1234") == []
    many = Words({f"jacke{n}": 1 for n in "abcdefghijk"})
    assert len(await corrections("jackez", english(), many)) == CORRECTIONS


def test_rarity_falls_with_every_product_that_has_the_word() -> None:
    rarities = [rarity(1_000, having) for having in range(1_001)]
    assert rarities == sorted(rarities, reverse=True)
    assert rarities[-1] >= 1
    assert rarity(1_000, 2_000) == rarities[-1]
    assert rarity(0, 0) >= 1


async def test_a_plan_comes_back_as_it_was_written() -> None:
    shop = replace(SHOP, groups={("red",): [("crimson", "tone")]}, codes=[UUID(int=7)])
    for text in ('red "trail shoe" -wool jakcet sh', "SKU-1", "🎉", "-x"):
        for plan in await plans(text, shop):
            assert plan_of(json.dumps(written(plan))) == plan
