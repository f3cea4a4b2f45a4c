"""Reads the category tree and what staff say of words and pins, whole: it is small and cached."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search.category_names import CategoryNames, SaidName
from ecommerce.adapters.postgres.search.view import Steering
from ecommerce.application.catalog.queries import CategoryRef
from ecommerce.application.catalog.search.counting import PlacedCategory
from ecommerce.application.catalog.search.words import Analyzer, category_impacts

_VERSION: Final = Statement(sa.text("SELECT version FROM search_state"))
_category: Final = t.category.c
_CATEGORIES: Final = Statement(
    sa.select(_category.id, _category.path, _category.slug, _category.name).order_by(
        sa.func.cardinality(_category.path), _category.id
    )
)
_OLD_SLUGS: Final = Statement(
    sa.select(t.category_old_slug.c.slug, t.category_old_slug.c.category_id)
)
_SYNONYMS: Final = Statement(
    sa.select(t.synonym_term.c.group_id, t.synonym_term.c.term).order_by(
        t.synonym_term.c.group_id, t.synonym_term.c.position
    )
)
_PINS: Final = Statement(
    sa.select(t.pin.c.query_key, t.pin.c.category_id, t.pin_product.c.product_id)
    .join_from(t.pin, t.pin_product, t.pin_product.c.pin_id == t.pin.c.id)
    .order_by(t.pin.c.id, t.pin_product.c.position)
)


async def load(reads: Reads, analyzer: Analyzer) -> Steering:
    """Read it all. The version is read first: what changes meanwhile is read again next time."""
    version = await reads.one(_VERSION)
    categories = await reads.all(_CATEGORIES)
    slugs = {row[0]: row[1] for row in await reads.all(_OLD_SLUGS)}
    slugs.update((slug, id_) for id_, _, slug, _ in categories)
    placed = {
        id_: PlacedCategory(CategoryRef(id_, slug, name), tuple(path))
        for id_, path, slug, name in categories
    }
    words: dict[str, str] = {}
    stems: dict[UUID, tuple[str, ...]] = {}
    names = []
    for id_, path, _, name in categories:
        own = analyzer.words(name)
        words.update((word, analyzer.stem(word)) for word in own)
        names.append(SaidName(placed[id_].shown, own, frozenset(map(analyzer.stem, own))))
        above = stems[path[-2]] if len(path) > 1 else ()
        stems[id_] = (*above, *map(analyzer.stem, own))
    below: defaultdict[UUID, list[str]] = defaultdict(list)
    said: defaultdict[str, dict[UUID, int]] = defaultdict(dict)
    impacts = {id_: category_impacts(own) for id_, own in stems.items()}
    for id_, each in placed.items():
        for ancestor in each.path:
            below[ancestor].append(str(id_))
        for stem, impact in impacts[id_].items():
            said[stem][id_] = impact
    by_text, by_category = _pins(await reads.all(_PINS))
    return Steering(
        version=0 if version is None else version[0],
        categories=placed,
        slugs=slugs,
        ids={str(id_): id_ for id_ in placed},
        below=dict(below),
        category_impacts=impacts,
        said=dict(said),
        category_words=words,
        category_names=CategoryNames(names),
        synonyms=_synonyms(await reads.all(_SYNONYMS), analyzer),
        pins_of_texts=by_text,
        pins_of_categories=by_category,
    )


def _synonyms(
    rows: Iterable[Row], analyzer: Analyzer
) -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    groups: defaultdict[UUID, list[tuple[str, ...]]] = defaultdict(list)
    for group_id, term in rows:
        words = analyzer.words(term)
        if words:
            groups[group_id].append(words)
    return {
        words: tuple(other for other in terms if other != words)
        for terms in groups.values()
        for words in terms
    }


def _pins(
    rows: Iterable[Row],
) -> tuple[Mapping[str, tuple[UUID, ...]], Mapping[UUID, tuple[UUID, ...]]]:
    texts: dict[str, tuple[UUID, ...]] = {}
    categories: dict[UUID, tuple[UUID, ...]] = {}
    for query_key, category_id, product_id in rows:
        if query_key is not None:
            texts[query_key] = (*texts.get(query_key, ()), product_id)
        else:
            categories[category_id] = (*categories.get(category_id, ()), product_id)
    return texts, categories
