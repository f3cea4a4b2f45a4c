"""Makes products that could be real: any number, the same ones for the same seed."""

import math
import random
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Final

from ecommerce.adapters.demo.words import (
    ADJECTIVES,
    BRANDS,
    COUNTRIES,
    FINISHES,
    KINDS,
    SENTENCES,
    Kind,
)
from ecommerce.application.catalog.imported import (
    CategoryPath,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
    ReadProduct,
    SourceRow,
)

_PATHS: Final = {kind.path: CategoryPath(kind.path) for kind in KINDS}
_NOT_IN_SLUGS: Final = re.compile("[^a-z0-9]+")
_HISTORY: Final = timedelta(days=730)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_SEEDS_APART: Final = 36**5
_SPREAD: Final = 0.7
_MOST_VARIANTS: Final = 8
_ON_SALE: Final = 0.96
_IN_THE_MAKING: Final = 0.98
_WITHOUT_OPTIONS: Final = 0.55
_REDUCED: Final = 0.15
_SOLD_OUT: Final = 0.08
_BACKORDERED: Final = 0.02


def demo_products(count: int, seed: int, until: datetime, digits: int) -> Iterator[ReadProduct]:
    """``count`` products, the last one created now and the first two years ago.

    More products of the same seed begin with the same ones. Prices are lognormal around what the
    kind of thing costs, and end in 9 in a currency of ``digits`` decimals.
    """
    chance = random.Random(seed)  # noqa: S311 - the same products for the same seed
    popular = _zipf(chance, BRANDS)
    step = _HISTORY / count
    for n in range(count):
        made = _product(chance, n, seed, popular, digits, until - step * (count - 1 - n))
        yield ReadProduct((SourceRow(n + 1, ()),), made)


def _zipf(chance: random.Random, names: Sequence[str]) -> list[str]:
    """A list in which a few of the names stand often and most stand seldom."""
    mixed = list(names)
    chance.shuffle(mixed)
    return [name for rank, name in enumerate(mixed, start=1) for _ in range(600 // rank or 1)]


def _product(
    chance: random.Random, n: int, seed: int, brands: Sequence[str], digits: int, at: datetime
) -> ImportedProduct:
    pick, roll = chance.choice, chance.random
    kind = KINDS[int(roll() ** 1.5 * len(KINDS))]
    brand, adjective, material = pick(brands), pick(ADJECTIVES), pick(kind.materials)
    name = f"{adjective} {material.title()} {kind.noun}"
    token = _token(seed, n)
    weight = int(math.exp(chance.gauss(6.2, 0.9))) + 20
    country = pick(COUNTRIES)
    words = {
        "material": material, "adjective": adjective.lower(), "noun": kind.noun.lower(),
        "weight": weight, "years": 2 + n % 9, "country": country, "brand": brand,
    }  # fmt: skip
    options, combinations = _options(chance, kind)
    luck = roll()
    return ImportedProduct(
        line=n + 1,
        slug=f"{_NOT_IN_SLUGS.sub('-', name.lower()).strip('-')}-{token}",
        name=name,
        description=" ".join(s.format_map(words) for s in chance.sample(SENTENCES, 3 + n % 3)),
        brand=brand,
        category=_PATHS[kind.path],
        status="active" if luck < _ON_SALE else "draft" if luck < _IN_THE_MAKING else "archived",
        attributes={
            "material": material,
            "finish": pick(FINISHES),
            "made in": country,
            "warranty years": 2 + n % 9,
        },
        attributes_whole=True,
        tags=(adjective.lower(), material),
        options=options,
        images=(),
        variants=_variants(chance, kind, n + 1, token, combinations, weight, digits),
        created_at=at,
    )


def _options(
    chance: random.Random, kind: Kind
) -> tuple[tuple[ImportedOption, ...], list[tuple[str, ...]]]:
    if not kind.options or chance.random() < _WITHOUT_OPTIONS:
        return (), [()]
    chosen = []
    for name, values in kind.options:
        most = min(len(values), 4 if len(kind.options) > 1 else _MOST_VARIANTS)
        start = chance.randrange(len(values))
        count = chance.randint(2, most)
        indexes = sorted((start + i) % len(values) for i in range(count))
        chosen.append((name, tuple(values[i] for i in indexes)))
    combinations = list(islice(product(*(values for _, values in chosen)), _MOST_VARIANTS))
    used = [set(column) for column in zip(*combinations, strict=True)]
    options = tuple(
        ImportedOption(name, tuple(value for value in values if value in used[n]))
        for n, (name, values) in enumerate(chosen)
    )
    return options, combinations


def _variants(
    chance: random.Random,
    kind: Kind,
    line: int,
    token: str,
    combinations: Sequence[tuple[str, ...]],
    weight: int,
    digits: int,
) -> tuple[ImportedVariant, ...]:
    roll = chance.random
    price = _price(kind.median_price * math.exp(chance.gauss(0, _SPREAD)), digits)
    before = _price(price * 100 / 10**digits * 1.25, digits) if roll() < _REDUCED else None
    stem = f"{kind.noun[:3].upper().strip()}-{token.upper()}"
    many = len(combinations) > 1
    return tuple(
        ImportedVariant(
            line=line,
            sku=f"{stem}-{i}" if many else stem,
            options=values,
            price=price,
            compare_at_price=before,
            barcode=None,
            weight_grams=weight + 15 * i,
            on_hand=0 if roll() < _SOLD_OUT else int(roll() ** 2 * 120) + 1,
            backorder_allowed=roll() < _BACKORDERED,
        )
        for i, values in enumerate(combinations, start=1)
    )


def _price(hundredths: float, digits: int) -> int:
    """A price that ends in 99, 95 or 9 when written down."""
    amount = round(hundredths * 10.0 ** (digits - 2))
    ending = int(f"1{'0' * max(digits, 1)}")
    below = 1 if amount % 3 or digits <= 1 else 5
    return max(amount // ending, 1) * ending - below


def _token(seed: int, n: int) -> str:
    """Tells a product from all others of any seed."""
    number, text = seed * _SEEDS_APART + n, ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
