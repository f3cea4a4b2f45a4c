"""What several segments found leading, put together."""

from operator import itemgetter
from typing import Final, TypeAlias

from ecommerce.adapters.postgres.search.arrays import is_cut, name_prefix
from ecommerce.adapters.postgres.search.segment import Order
from ecommerce.application.catalog.queries import ProductSort
from ecommerce.application.catalog.search.order import Place, is_descending

BY_NAME: Final = (ProductSort.NAME, ProductSort.NAME_DESC)
BY_PRICE: Final = (ProductSort.PRICE, ProductSort.PRICE_DESC)

Leading: TypeAlias = tuple[int, int, int, int]
"""Where a product stands: its tier, what the sort compares, and the halves of its id.

By name that is the beginning of it, as segments know no more.
"""

_TIER: Final = itemgetter(0)
_VALUE_AND_ID: Final = itemgetter(1, 2, 3)


def order_of(sort: ProductSort) -> Order:
    """The order whose ranks a sort goes by; by relevance that tells equals apart."""
    if sort in BY_NAME:
        return "name"
    return "price" if sort in BY_PRICE else "id"


def led(
    sort: ProductSort, found: list[Leading], after: Place | None, count: int, *, backward: bool
) -> list[Leading]:
    """Of what several segments found leading, what may be among the first ``count``."""
    if len(found) <= count:
        return found
    found.sort(key=_VALUE_AND_ID, reverse=is_descending(sort) is not backward)
    found.sort(key=_TIER, reverse=backward)
    if sort not in BY_NAME:
        return found[:count]
    like: list[Leading] = []
    if after is not None:
        at = (after.tier, int.from_bytes(name_prefix(str(after.key)), "big"))
        if is_cut(at[1]):
            like = [each for each in found if each[:2] == at]
            found = [each for each in found if each[:2] != at]
    even: list[Leading] = []
    if len(found) > count and is_cut(found[count - 1][1]):
        even = [each for each in found[count:] if each[:2] == found[count - 1][:2]]
    return [*like, *found[:count], *even]
