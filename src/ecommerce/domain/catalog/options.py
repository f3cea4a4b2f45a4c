"""Options: the ways in which a product's variants differ, such as size and colour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ecommerce.domain.catalog.errors import (
    DuplicateOptionError,
    DuplicateVariantOptionsError,
    VariantOptionsMismatchError,
)
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.catalog.wording import label, refused
from ecommerce.domain.shared.text import identity_key

MAX_OPTIONS: Final = 10
MAX_OPTION_TEXT: Final = 255


@dataclass(frozen=True, slots=True)
class Option:
    """One way of differing, and the values there are, in the order they are shown."""

    name: str
    values: tuple[str, ...] = ()


class _Declared:
    """An option whose values are being gathered; names and values meet without regard to case."""

    def __init__(self, name: str) -> None:
        self.name = label(name, "options", MAX_OPTION_TEXT)
        self.values: dict[str, str] = {}

    def spelling_of(self, value: str) -> str:
        trimmed = label(value, "options", MAX_OPTION_TEXT)
        return self.values.setdefault(identity_key(trimmed), trimmed)


def reconciled(
    options: Iterable[Option], variants: Sequence[Variant]
) -> tuple[tuple[Option, ...], tuple[Variant, ...]]:
    """Options and variants that fit each other, in the product's own spelling.

    Without options, names and values are taken from the variants in order of appearance; values
    that an option does not list are added to it. Raises ``DuplicateOptionError``,
    ``VariantOptionsMismatchError`` and ``DuplicateVariantOptionsError``.
    """
    declared = _declared(options) or _derived(variants)
    if len(declared) > MAX_OPTIONS:
        raise refused("options", f"{MAX_OPTIONS} are the most.")
    fitted = tuple(_fitted(variant, declared) for variant in variants)
    _refuse_twins(fitted)
    return (
        tuple(Option(each.name, tuple(each.values.values())) for each in declared.values()),
        fitted,
    )


def _declared(options: Iterable[Option]) -> dict[str, _Declared]:
    declared: dict[str, _Declared] = {}
    for option in options:
        made = _Declared(option.name)
        if identity_key(made.name) in declared:
            raise DuplicateOptionError(f"The option {made.name!r} is named twice.")
        declared[identity_key(made.name)] = made
        for value in option.values:
            made.spelling_of(value)
        if len(made.values) != len(option.values):
            raise DuplicateOptionError(f"The option {made.name!r} lists a value twice.")
    return declared


def _derived(variants: Iterable[Variant]) -> dict[str, _Declared]:
    derived: dict[str, _Declared] = {}
    for variant in variants:
        for name in variant.options:
            made = _Declared(name)
            derived.setdefault(identity_key(made.name), made)
    return derived


def _fitted(variant: Variant, declared: dict[str, _Declared]) -> Variant:
    if not variant.options:
        return variant
    given = {identity_key(name.strip()): value for name, value in variant.options.items()}
    if given.keys() != declared.keys() or len(given) != len(variant.options):
        names = ", ".join(each.name for each in declared.values())
        raise VariantOptionsMismatchError(
            f"The variant {variant.sku!r} must give one value for each of: {names}; and no others."
        )
    fitted = {each.name: each.spelling_of(given[key]) for key, each in declared.items()}
    same = list(fitted.items()) == list(variant.options.items())
    return variant if same else replace(variant, options=fitted)


def _refuse_twins(variants: Iterable[Variant]) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for variant in variants:
        if variant.options:
            combination = tuple(variant.options.values())
            if combination in seen:
                raise DuplicateVariantOptionsError(
                    f"{seen[combination]!r} and {variant.sku!r} are both {' / '.join(combination)}."
                )
            seen[combination] = variant.sku
