"""What is known of a product beyond its fields: names with a value or several."""

import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from ecommerce.domain.catalog.wording import label, refused, text

AttributeValue: TypeAlias = str | bool | int | float
Attributes: TypeAlias = Mapping[str, AttributeValue | tuple[AttributeValue, ...]]

MAX_ATTRIBUTES: Final = 250
MAX_ATTRIBUTE_NAME: Final = 64
MAX_ATTRIBUTE_VALUE: Final = 255
"""With its name, a value is one entry of an index, which bounds their length."""
_MAX_VALUES: Final = 100
_MAX_INTEGER: Final = 2**63


def _value(value: AttributeValue) -> AttributeValue:
    if isinstance(value, str):
        return text(value, "attributes", MAX_ATTRIBUTE_VALUE)
    if isinstance(value, float) and not math.isfinite(value):
        raise refused("attributes", "hold finite numbers only.")
    if abs(value) >= _MAX_INTEGER:
        raise refused("attributes", "hold numbers of 63 bits at the most.")
    return value


def attributes_of(given: Mapping[str, AttributeValue | Sequence[AttributeValue]]) -> Attributes:
    """The attributes as the catalogue holds them; refuses what it cannot hold."""
    if len(given) > MAX_ATTRIBUTES:
        raise refused("attributes", f"{MAX_ATTRIBUTES} are the most.")
    attributes: dict[str, AttributeValue | tuple[AttributeValue, ...]] = {}
    for name, value in given.items():
        key = label(name, "attributes", MAX_ATTRIBUTE_NAME)
        if key in attributes:
            raise refused("attributes", f"{key!r} is there twice.")
        if isinstance(value, str | bool | int | float):
            attributes[key] = _value(value)
        elif len(value) > _MAX_VALUES:
            raise refused("attributes", f"{_MAX_VALUES} values of one name are the most.")
        else:
            attributes[key] = tuple(_value(each) for each in value)
    return attributes


def same_attributes(one: Attributes, other: Attributes) -> bool:
    """Whether two sets of attributes say the same; ``true``, ``1`` and ``1.0`` do not."""
    return _typed(one) == _typed(other)


def _typed(attributes: Attributes) -> dict[str, object]:
    return {
        name: [(type(each), each) for each in value]
        if isinstance(value, tuple)
        else (type(value), value)
        for name, value in attributes.items()
    }
