"""Where in a body something is wrong, whatever is wrong with it."""

from typing import Annotated

import msgspec
import pytest

from ecommerce.entrypoints.http.pointers import pointer_of

Name = Annotated[str, msgspec.Meta(min_length=1)]


class Variant(msgspec.Struct, forbid_unknown_fields=True):
    sku: Name
    options: dict[Name, list[Name]] = {}


class Product(msgspec.Struct, forbid_unknown_fields=True):
    attributes: dict[Name, Name] = {}
    variants: list[Variant] = []


SHORT = "Expected `str` of length >= 1."


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({"attributes": {"": "x"}}, "/attributes", SHORT),
        ({"attributes": {"x": ""}}, "/attributes", SHORT),
        ({"variants": [{"sku": "a"}, {"sku": ""}]}, "/variants/1/sku", SHORT),
        ({"variants": [{"sku": "a", "options": {"": []}}]}, "/variants/0/options", SHORT),
        ({"variants": [{"sku": "a", "options": {"x": [""]}}]}, "/variants/0/options", SHORT),
        ({"variants": [{}]}, "/variants/0/sku", "Object missing required field `sku`."),
        ({"a/b~c": 1}, "/a~1b~0c", "Object contains unknown field `a/b~c`."),
        ([], "", "Expected `object`, got `array`."),
    ],
)
def test_it_points_at_what_is_wrong(body: object, pointer: str, detail: str) -> None:
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.json.decode(msgspec.json.encode(body), type=Product)
    assert pointer_of(wrong.value) == (pointer, detail)
