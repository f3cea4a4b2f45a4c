"""What the cells of a product file say."""

import csv
import json
import re
from collections.abc import Mapping
from typing import Final

from ecommerce.domain.shared.money import minor_digits

AttributeValue = str | bool | int | float
Attributes = Mapping[str, AttributeValue | tuple[AttributeValue, ...]]

_PRICE: Final = re.compile(r"([0-9]{1,15})(?:\.([0-9]*))?")
_LONGEST_NUMBER: Final = 15
_WHOLE: Final = re.compile(r"([0-9]{1,15})(?:\.0+)?")


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


class CellError(Exception):
    """A cell does not say what its column is for; the text says what would be right."""


def amount_of(text: str, currency: str) -> int:
    """A price in whole minor units, exactly."""
    match = _PRICE.fullmatch(text)
    if match is None:
        raise CellError(f"{text[:40]!r} is not a price such as 19.99")
    digits = minor_digits(currency)
    fraction = match[2] or ""
    if len(fraction) > digits:
        raise CellError(f"{text[:40]!r} has more decimals than {currency} ({digits})")
    return int(match[1] + fraction.ljust(digits, "0"))


def price_text(amount: int, currency: str) -> str:
    """An amount as ``amount_of`` reads it."""
    digits = minor_digits(currency)
    if digits == 0:
        return str(amount)
    text = str(amount).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}"


def whole_number(text: str) -> int:
    """A whole number, nothing or more."""
    if text.isdecimal() and text.isascii() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise CellError(f"{text[:40]!r} is not a whole number, 0 or more")
    return int(match[1])


def tags_of(text: str) -> tuple[str, ...]:
    """Tags between commas, each once; one in double quotes may have commas in it."""
    if not text:
        return ()
    if '"' in text:
        try:
            parts = next(csv.reader([text], skipinitialspace=True), [])
        except csv.Error as error:
            raise CellError("has a quoted tag that does not end") from error
    else:
        parts = text.split(",")
    return tuple(dict.fromkeys(tag for part in parts if (tag := part.strip())))


def tags_text(tags: tuple[str, ...]) -> str:
    """Tags as ``tags_of`` reads them."""
    quoted = (
        '"' + tag.replace('"', '""') + '"' if any(c in tag for c in ',"\n\r') else tag
        for tag in tags
    )
    return ", ".join(quoted)


def truth_of(text: str) -> bool:
    """``true`` or ``false``."""
    match text.casefold():
        case "true" | "yes" | "1":
            return True
        case "false" | "no" | "0":
            return False
    raise CellError(f"{text[:40]!r} is not true or false")


def attributes_of(text: str) -> Attributes:
    """The attributes in a JSON object."""
    value = _json(text)
    if not isinstance(value, dict):
        raise CellError("is not a JSON object of attributes")
    found: dict[str, AttributeValue | tuple[AttributeValue, ...]] = {}
    for name, each in value.items():
        if isinstance(each, str | bool | int | float):
            found[name] = each
        elif isinstance(each, list) and all(isinstance(e, str | bool | int | float) for e in each):
            found[name] = tuple(each)
        else:
            raise CellError(f"{name[:40]!r} has neither a text, a number, a truth value nor a list")
    return found


def options_of(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Options and all their values, in a JSON list of ``{"name": ..., "values": [...]}``."""
    value = _json(text)
    try:
        pairs = [(each["name"], tuple(each["values"])) for each in value]  # type: ignore[attr-defined]
    except (TypeError, KeyError) as error:
        raise CellError("is not a JSON list of options with name and values") from error
    if not all(isinstance(text, str) for name, values in pairs for text in (name, *values)):
        raise CellError("has an option name or value that is not a text")
    return tuple(pairs)


def _json(text: str) -> object:
    try:
        value: object = _DECODER.decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise CellError("is not JSON") from error
    return value
