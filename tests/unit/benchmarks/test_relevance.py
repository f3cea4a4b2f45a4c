"""The figures of the relevance command, and what it makes and reads."""

import math
import random
from pathlib import Path

import pytest
from benchmarks.relevance.baselines import Bm25Search, TrigramSearch
from benchmarks.relevance.files import (
    Goods,
    MeasureError,
    read_judgements,
    read_products,
    read_queries,
)
from benchmarks.relevance.heads import described, kinds, named
from benchmarks.relevance.in_process import InProcessSearch
from benchmarks.relevance.make_sets import known_items, mistyped, type_queries
from benchmarks.relevance.metrics import ndcg, recall, reciprocal_rank
from tests.support.reads import english


def goods(name: str, description: str = "", category: str = "Bags") -> Goods:
    slug = name.lower().replace(" ", "-")
    return Goods(slug, name, description, None, (category,), {}, (), ())


SHELF = [
    goods("Canvas Backpack", "This rugged backpack carries all."),
    goods("Leather Daypack", "This small backpack is light."),
    goods("Striped Carryall", "These canvas backpacks are big."),
    goods("Backpack Ornament", "This glass ornament is shiny.", "Seasonal"),
    goods("Walnut Table", "A table."),
]


def test_the_best_order_has_all_the_gain() -> None:
    assert ndcg(["a", "b", "c"], {"a": 2, "b": 1}, 10) == pytest.approx(1)


def test_gain_is_two_to_the_grade_and_halves_by_the_logarithm_of_the_place() -> None:
    best = 3 + 1 / math.log2(3)

    assert ndcg(["x", "a", "b"], {"a": 2, "b": 1}, 10) == pytest.approx(
        (3 / math.log2(3) + 1 / 2) / best
    )


def test_only_what_is_within_depth_gains() -> None:
    assert ndcg(["x", "a"], {"a": 1}, 1) == 0
    assert ndcg(["a"], {"a": 1, "b": 1, "c": 1}, 1) == 1


def test_what_nobody_judged_right_measures_nothing() -> None:
    assert ndcg(["a"], {"a": 0}, 10) == recall(["a"], {"a": 0}, 10) == 0


@pytest.mark.parametrize(("found", "rank"), [("abc", 1), ("xab", 1 / 2), ("xyz", 0), ("xyza", 0)])
def test_the_first_relevant_product_counts(found: str, rank: float) -> None:
    assert reciprocal_rank(list(found), {"a": 1, "b": 3, "x": 0}, 3) == rank


def test_recall_is_a_share_of_all_that_is_relevant() -> None:
    assert recall(["a", "x", "b"], {"a": 1, "b": 1, "c": 2, "x": 0}, 2) == pytest.approx(1 / 3)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_files_are_read_whatever_parts_their_cells(tmp_path: Path, separator: str) -> None:
    asked, right = tmp_path / "queries", tmp_path / "judgements"
    asked.write_text(separator.join(["query_id", "query", "query_class"]) + "\n"
                     + separator.join(["1", "wall art", "Art"]) + "\n")  # fmt: skip
    right.write_text(separator.join(["query_id", "handle", "grade"]) + "\n"
                     + separator.join(["1", "Some-Print", "2"]) + "\n\n")  # fmt: skip

    (query,) = read_queries(asked)

    assert (query.id, query.text, query.kind) == ("1", "wall art", "Art")
    assert read_judgements(right) == {"1": {"some-print": 2}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("query_id,handle\n1,a\n", "no column is named grade"),
        ("query_id,handle,grade\n1,a,good\n", "line 2: the grade 'good'"),
        ("query_id,handle,grade\n1,a\n", "line 2 has too few cells"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "judgements"
    file.write_text(text)

    with pytest.raises(MeasureError, match=reason):
        read_judgements(file)


def test_products_are_read_as_the_import_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    file.write_text(
        "Handle,Title,Body (HTML),Product Category,Type,Variant SKU,Variant Price,Status\n"
        "red-mug,Red Mug,<p>Hot</p><script>x</script>,Kitchen > Mugs,mug,R1,5.00,active\n"
        "old-mug,Old Mug,,Kitchen > Mugs,mug,R2,5.00,draft\n"
    )

    (mug,) = read_products(file)

    assert (mug.slug, mug.name, mug.description) == ("red-mug", "Red Mug", "<p>Hot</p>")
    assert (mug.category, dict(mug.attributes)) == (("Kitchen", "Mugs"), {"type": "mug"})


def test_a_judge_reads_heads_of_names_and_what_descriptions_point_at() -> None:
    analyzer = english()

    assert named(["oak", "table", "set", "with", "lamp"]) == "table"
    assert named(["set"]) == "set"
    assert described("Take this red canvas bag with straps.", {"bag", "straps"}, analyzer) == "bag"
    assert described("A bag.", {"bag"}, analyzer) is None
    assert "daypack" in kinds()["backpack"]


def test_a_judge_finds_right_what_the_word_does_not_stand_in() -> None:
    judged = {
        query.text: set(right)
        for query, right in type_queries(
            [*SHELF, goods("Blue Daypack"), goods("Old Daypack"), goods("Big Daypack")],
            english(),
            by_names=False,
        )
    }

    assert {"canvas-backpack", "leather-daypack", "blue-daypack"} < judged["backpack"]
    assert "backpack-ornament" not in judged["backpack"]


def test_known_items_have_one_error_in_one_of_two_words_that_no_other_name_has() -> None:
    for query, right in known_items(SHELF, english(), 5, seed=3):
        (slug,) = right
        edits = [english().edits(*pair) for pair in zip(query.text.split(), slug.split("-"),
                                                        strict=True)]  # fmt: skip
        assert sorted(edits) == [0, 1]


def test_the_same_seed_makes_the_same_queries() -> None:
    assert known_items(SHELF, english(), 5, 1) == known_items(SHELF, english(), 5, 1)
    assert known_items(SHELF, english(), 5, 1) != known_items(SHELF, english(), 5, 2)


def test_errors_are_of_four_sorts_and_at_any_place() -> None:
    rng = random.Random(1)  # noqa: S311 - no secret
    made = {mistyped("lamp", rng) for _ in range(2_000)}

    assert {"amp", "lmp", "lap", "lam", "almp", "lmap", "lapm"} <= made
    assert {each.find("lamp") for each in made} == {-1, 0, 1}
    assert {len(each) for each in made} == {3, 4, 5}
    assert {english().edits("lamp", each) for each in made} == {1}


async def test_each_search_finds_what_it_is_for() -> None:
    shop = InProcessSearch(SHELF, english())

    assert (await shop("backpacks", 10))[0] == "canvas-backpack"
    assert await shop("wlanut table", 1) == ["walnut-table"]
    assert await shop("backpack -ornament", 9) == [
        each for each in await shop("backpack", 9) if each != "backpack-ornament"
    ]
    assert (await Bm25Search(SHELF, english())("ornaments", 1)) == ["backpack-ornament"]
    assert (await TrigramSearch(SHELF)("wlanut table", 1)) == ["walnut-table"]
