"""What the audit log says of products, variants and categories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.audit_facts import Fact, Facts
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.inventory.stock_item import Movement
from ecommerce.domain.shared.ids import VariantId
from ecommerce.domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class ProductAsItWas:
    """A product at one moment, to tell later what became of it."""

    details: ProductDetails
    variants: Mapping[VariantId, Variant]

    @classmethod
    def of(cls, product: Product) -> "ProductAsItWas":
        """Remember it; what it holds is never changed, only replaced."""
        return cls(product.details(), {each.id: each for each in product.variants})


def product_created(product: Product) -> AuditEntry:
    """A new product, with the variants it is sold in."""
    return AuditEntry.created("product", product.id, _all_of(product))


def product_deleted(product: Product) -> AuditEntry:
    """A product that left the shop."""
    return AuditEntry.deleted("product", product.id, _all_of(product))


def product_changed(
    before: ProductAsItWas, product: Product, movements: Iterable[Movement] = ()
) -> AuditEntry:
    """What is said otherwise of a product and its variants than before, and stock that was set."""
    now = ProductAsItWas.of(product)
    was: dict[str, Fact] = {}
    is_: dict[str, Fact] = {}
    for each in fields(ProductDetails):
        old, new = getattr(before.details, each.name), getattr(now.details, each.name)
        if old != new or each.name == "attributes":
            was.update(_facts(each.name, old))
            is_.update(_facts(each.name, new))
    for variant_id in {**before.variants, **now.variants}:
        past, present = before.variants.get(variant_id), now.variants.get(variant_id)
        if past != present:
            sku = (before.variants[variant_id] if present is None else present).sku
            was.update(_named(f"variants.{sku}", past))
            is_.update(_named(f"variants.{sku}", present))
    for movement in movements:
        was[f"variants.{movement.sku}.on_hand"] = movement.on_hand - movement.delta
        is_[f"variants.{movement.sku}.on_hand"] = movement.on_hand
    return AuditEntry.changed("product", product.id, was, is_)


def variant_added(product: Product, variant: Variant, on_hand: int) -> AuditEntry:
    """Another variant on sale."""
    facts = {"product_id": product.id, **_variant(variant), "on_hand": on_hand}
    return AuditEntry.created("variant", variant.id, facts)


def variant_changed(product: Product, before: Variant) -> AuditEntry:
    """What is said otherwise of a variant."""
    now = _variant(product.variant(before.id))
    return AuditEntry.changed("variant", before.id, _variant(before), now)


def variant_removed(product: Product, variant: Variant) -> AuditEntry:
    """A variant that is sold no more."""
    return AuditEntry.deleted(
        "variant", variant.id, {"product_id": product.id, **_variant(variant)}
    )


def category_facts(category: Category) -> Facts:
    """All that is said of a category."""
    return {
        "slug": category.slug.value,
        "name": category.name,
        "description": category.description,
        "parent_id": category.parent_id,
        "position": category.position,
    }


def _all_of(product: Product) -> Facts:
    facts: dict[str, Fact] = {}
    details = product.details()
    for each in fields(details):
        facts.update(_facts(each.name, getattr(details, each.name)))
    facts["variants"] = tuple(f"{v.sku} {_price(v.price)}" for v in product.variants)
    return {name: fact for name, fact in facts.items() if fact not in (None, "", ())}


def _facts(name: str, value: object) -> Facts:
    if name == "attributes" and isinstance(value, Mapping):
        return {f"attributes.{each}": _attribute(held) for each, held in value.items()}
    if name == "slug":
        return {name: str(getattr(value, "value", value))}
    if name == "options" and isinstance(value, tuple):
        return {name: tuple(f"{each.name}: {', '.join(each.values)}" for each in value)}
    if name == "images" and isinstance(value, tuple):
        return {name: tuple(each.url for each in value)}
    return {name: value}  # type: ignore[dict-item]  # the other fields are facts as they are


def _attribute(value: object) -> Fact:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(value)
    return value if isinstance(value, bool | int | float) else str(value)


def _named(prefix: str, variant: Variant | None) -> Facts:
    if variant is None:
        return {}
    return {f"{prefix}.{name}": fact for name, fact in _variant(variant).items()}


def _variant(variant: Variant) -> Facts:
    return {
        "sku": variant.sku,
        "price": _price(variant.price),
        "compare_at_price": _price(variant.compare_at_price),
        "barcode": variant.barcode,
        "weight_grams": variant.weight_grams,
        **{f"options.{name}": value for name, value in variant.options.items()},
    }


def _price(price: Money | None) -> str | None:
    return None if price is None else f"{price.amount} {price.currency}"
