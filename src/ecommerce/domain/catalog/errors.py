"""What can stand in the way of a change to the catalogue."""

from ecommerce.domain.shared.errors import (
    ConflictError,
    InvalidValueError,
    NotFoundError,
    RuleViolatedError,
)


class ProductNotFoundError(NotFoundError):
    """There is no such product, or it is not on sale. Check the id or slug; a product that was
    deleted does not come back.
    """

    code = "product_not_found"
    title = "No such product"


class VariantNotFoundError(NotFoundError):
    """The product has no such variant. Read the product again to see the variants it has."""

    code = "variant_not_found"
    title = "No such variant"


class CategoryNotFoundError(NotFoundError):
    """There is no such category. Check the id or slug; ``GET /v1/categories`` lists them all."""

    code = "category_not_found"
    title = "No such category"


class UnknownCategoryError(RuleViolatedError):
    """The request puts something into a category that does not exist. Send the id of one that does,
    or ``null`` for none.
    """

    code = "unknown_category"
    title = "The category named does not exist"


class SkuTakenError(ConflictError):
    """A variant of the shop has this SKU already; upper and lower case count as the same. Choose
    another, or change the variant that has it.
    """

    code = "sku_taken"
    title = "The SKU is taken"


class LastVariantError(ConflictError):
    """A product has one variant at least, since a variant is what is bought. Add another first, or
    delete or archive the product.
    """

    code = "last_variant"
    title = "The last variant stays"


class TooManyVariantsError(RuleViolatedError):
    """A product has 2,000 variants at the most. Split it into several products."""

    code = "too_many_variants"
    title = "Too many variants"


class NoVariantError(RuleViolatedError):
    """A product needs one variant at least, since a variant is what is bought. Send its SKU and
    price in ``variants``.
    """

    code = "no_variant"
    title = "A product without a variant"


class DuplicateOptionError(RuleViolatedError):
    """The product's options name one option twice, or one option lists a value twice; upper and
    lower case count as the same. Send each name and each value once.
    """

    code = "duplicate_option"
    title = "An option is named twice"


class VariantOptionsMismatchError(RuleViolatedError):
    """A variant's options are not those of its product: one value for each option that the product
    has, and no others, or none at all. Send all of them, or change the product's options first.
    """

    code = "variant_options_mismatch"
    title = "The variant's options are not its product's"


class DuplicateVariantOptionsError(RuleViolatedError):
    """Two variants of the product would have the same values for all options, so nobody could tell
    them apart. Change one of them.
    """

    code = "duplicate_variant_options"
    title = "Another variant has these options"


class CategoryCycleError(RuleViolatedError):
    """A category cannot lie under itself or under one of its own descendants. Choose another
    parent, or move the descendant out first.
    """

    code = "category_cycle"
    title = "A category cannot lie under itself"


class CategoryTooDeepError(RuleViolatedError):
    """The category, or one of its descendants, would lie more than 100 levels deep. Choose a parent
    nearer to the root.
    """

    code = "category_too_deep"
    title = "The category tree is too deep"


class CategoryNotEmptyError(ConflictError):
    """The category still has categories or products in it. Move or delete those first."""

    code = "category_not_empty"
    title = "The category is not empty"


class InvalidDetailsError(InvalidValueError):
    """Something that describes a product, a variant or a category is blank, too long, or not of its
    kind. The detail says which and what would be right.
    """

    code = "invalid_details"
    title = "Not details the catalogue can hold"


class RepeatedItemError(RuleViolatedError):
    """An item of the batch names a slug, a SKU or a product that an item before it names. Say all
    that is to be said of a product in one item.
    """

    code = "repeated_item"
    title = "An earlier item is about the same"


class BulkAbortedError(RuleViolatedError):
    """Items of the batch cannot be written, so nothing was: ``errors`` names each of them and what
    is wrong with it. Mend or leave out those, or send ``"on_error": "skip"`` to have the others
    written all the same.
    """

    code = "bulk_aborted"
    title = "Nothing of the batch was written"
