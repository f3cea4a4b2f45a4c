"""Works out what the items of a batch mean for the shop, by the domain's own rules."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from ecommerce.application.catalog.audited import ProductAsItWas, product_changed, product_created
from ecommerce.application.catalog.bulk_items import (
    BulkItem,
    BulkVariant,
    FreeSlugs,
    ItemProblem,
    ItemResult,
)
from ecommerce.application.catalog.many_products import Kept, Met
from ecommerce.application.catalog.new_variant import require_prices
from ecommerce.application.catalog.pointing import at_variant
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Ids
from ecommerce.application.shared.unset import UNSET, given
from ecommerce.domain.catalog.errors import (
    RepeatedItemError,
    SkuTakenError,
    UnknownCategoryError,
)
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.inventory.movement import Occasion
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.errors import DomainError, Violation
from ecommerce.domain.shared.ids import MovementId, ProductId, UserId, VariantId
from ecommerce.domain.shared.slugs import Slug, SlugTakenError


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the items are settled against, and by whom and when."""

    met: Met
    free_slugs: FreeSlugs
    taken: AbstractSet[str]
    bases: Sequence[str | None]
    ids: Ids
    at: datetime
    actor_id: UserId | None
    currency: str


@dataclass(slots=True)
class _Settled:
    """What an item leaves."""

    product: Product
    before: ProductAsItWas | None = None
    changed: bool = False
    opened: list[StockItem] = field(default_factory=list)
    adjusted: list[StockItem] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the product is."""
        return self.before is None

    @property
    def touched(self) -> bool:
        """Whether anything is otherwise than before."""
        return self.is_new or self.changed or bool(self.opened or self.adjusted)

    def entry(self) -> AuditEntry:
        """What the audit log says of it."""
        if self.before is None:
            return product_created(self.product)
        return product_changed(self.before, self.product, self.movements)


def settle(
    items: Sequence[BulkItem], given_: Circumstances
) -> tuple[list[ItemResult], Kept, list[AuditEntry]]:
    """What becomes of each item, and what is to be kept and written down when those that fail are
    left out.
    """
    settling = _Settling(given_)
    results: list[ItemResult] = []
    settled: list[_Settled] = []
    for index, item in enumerate(items):
        try:
            done = settling.settled(index, item)
        except DomainError as error:
            problem = ItemProblem.of(error, f"/items/{index}")
            results.append(ItemResult(index=index, status="failed", problem=problem))
            continue
        settled.append(done)
        product = done.product
        results.append(
            ItemResult(
                index=index,
                status="created" if done.is_new else "updated" if done.touched else "unchanged",
                id=product.id,
                slug=product.slug.value,
            )
        )
    kept = Kept(
        created=[each.product for each in settled if each.is_new],
        changed=[each.product for each in settled if each.changed],
        opened=[item for each in settled for item in each.opened],
        adjusted=[item for each in settled for item in each.adjusted],
        movements=[movement for each in settled for movement in each.movements],
    )
    return results, kept, [each.entry() for each in settled if each.touched]


class _Settling:
    """Settles one item after the other; each counts for those after it, failed or not."""

    def __init__(self, circumstances: Circumstances) -> None:
        self._its = circumstances
        self._slugs: set[str] = set()
        self._sku_keys: set[str] = set()
        self._products: set[ProductId] = set()
        self._taken = set(circumstances.taken)

    def settled(self, index: int, item: BulkItem) -> _Settled:
        """What the item leaves, or the domain's error."""
        product = self._meant(item)
        self._refuse_repeated(item, product)
        _refuse_twins(item)
        self._check_category(item)
        if product is None:
            return self._created(item, self._its.bases[index])
        return self._changed(item, product)

    def _meant(self, item: BulkItem) -> Product | None:
        met = self._its.met
        by_slug = None if item.slug is UNSET else met.by_slug.get(item.slug)
        if by_slug is not None:
            return by_slug
        found = (met.by_sku.get(variant.sku_key) for variant in item.variants)
        return next((product for product in found if product is not None), None)

    def _refuse_repeated(self, item: BulkItem, product: Product | None) -> None:
        violations: list[Violation] = []
        if item.slug is not UNSET:
            if item.slug in self._slugs:
                violations.append(Violation("/slug", "stands in an earlier item."))
            self._slugs.add(item.slug)
        keys = [variant.sku_key for variant in item.variants]
        violations += [
            Violation(f"/variants/{place}/sku", "stands in an earlier item.")
            for place, key in enumerate(keys)
            if key in self._sku_keys
        ]
        self._sku_keys.update(keys)
        if product is not None:
            if product.id in self._products and not violations:
                violations.append(Violation("", "means the product of an earlier item."))
            self._products.add(product.id)
        if violations:
            raise RepeatedItemError("An earlier item of the batch is about the same.", *violations)

    def _check_category(self, item: BulkItem) -> None:
        category_id = given(item.category_id, None)
        if category_id is not None and category_id not in self._its.met.category_ids:
            detail = "The category named does not exist."
            raise UnknownCategoryError(detail, Violation("/category_id", detail))

    def _created(self, item: BulkItem, base: str | None) -> _Settled:
        slug = self._free_slug(base) if item.slug is UNSET else self._slug(item.slug, None)
        its = self._its
        details = item.details(slug)
        variants: list[Variant] = []
        for place, variant in enumerate(item.variants):
            with at_variant(place):
                variants.append(variant.new().made(self._variant_id(), its.currency))
        product = Product.create(ProductId(its.ids.new(its.at)), details, variants, its.at)
        done = _Settled(product)
        for made, variant in zip(product.variants, item.variants, strict=True):
            self._open(done, made, given(variant.on_hand, 0))
        self._taken.add(slug.value)
        return done

    def _changed(self, item: BulkItem, product: Product) -> _Settled:
        its = self._its
        details = item.applied_to(product)
        if details.slug != product.slug:
            self._slug(details.slug.value, product.id)
        done = _Settled(product, ProductAsItWas.of(product))
        variants = {variant.sku_key: variant for variant in product.variants}
        for place, variant in enumerate(item.variants):
            with at_variant(place):
                variants[variant.sku_key] = self._put(variant, variants, product)
        before = {variant.id for variant in product.variants}
        done.changed = product.restate(details, variants.values(), its.at)
        made = {variant.sku_key: variant for variant in product.variants}
        for place, variant in enumerate(item.variants):
            with at_variant(place, "/on_hand"):
                now = made[variant.sku_key]
                if now.id not in before:
                    self._open(done, now, given(variant.on_hand, 0))
                elif variant.on_hand is not UNSET:
                    self._adjust(done, now, variant.on_hand)
        return done

    def _put(self, variant: BulkVariant, variants: dict[str, Variant], product: Product) -> Variant:
        its = self._its
        present = variants.get(variant.sku_key)
        if present is not None:
            changed = variant.patched(present, variant.sku)
            require_prices(its.currency, changed.price, changed.compare_at_price)
            return changed
        owner = its.met.by_sku.get(variant.sku_key, product)
        if owner is not product:
            raise SkuTakenError(
                f"The SKU {variant.sku!r} belongs to the product {owner.slug.value!r}.",
                Violation("/sku", "is taken."),
            )
        return variant.new().made(self._variant_id(), its.currency)

    def _slug(self, text: str, owner: ProductId | None) -> Slug:
        slug = Slug(text)
        former = self._its.met.former_slugs.get(text, owner)
        if former != owner:
            raise SlugTakenError(f"The slug {text!r} is taken.", Violation("/slug", "is taken."))
        return slug

    def _free_slug(self, base: str | None) -> Slug:
        free = self._its.free_slugs.get(base or "", [])
        return next(
            (slug for slug in free if slug.value not in self._taken), Slug(base or "product")
        )

    def _variant_id(self) -> VariantId:
        return VariantId(self._its.ids.new(self._its.at))

    def _occasion(self, reason: str) -> Occasion:
        its = self._its
        id_ = MovementId(its.ids.new(its.at))
        return Occasion(id=id_, at=its.at, reason=reason, actor_id=its.actor_id)

    def _open(self, done: _Settled, variant: Variant, on_hand: int) -> None:
        item, explained = StockItem.opened(
            variant.id, variant.sku, on_hand, self._occasion("opening")
        )
        done.opened.append(item)
        done.movements.extend(explained)

    def _adjust(self, done: _Settled, variant: Variant, on_hand: int) -> None:
        item = self._its.met.stock[variant.id]
        if on_hand != item.on_hand:
            occasion = self._occasion("bulk")
            done.movements.append(item.adjust(on_hand - item.on_hand, occasion))
            done.adjusted.append(item)


def _refuse_twins(item: BulkItem) -> None:
    seen: set[str] = set()
    for place, variant in enumerate(item.variants):
        if variant.sku_key in seen:
            raise SkuTakenError(
                f"The SKU {variant.sku!r} is there twice.",
                Violation(f"/variants/{place}/sku", "stands in an earlier variant."),
            )
        seen.add(variant.sku_key)
