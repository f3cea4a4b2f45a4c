"""What can stand in the way of steering what shoppers find."""

from ecommerce.domain.shared.errors import (
    ConflictError,
    InvalidValueError,
    NotFoundError,
    RuleViolatedError,
)


class SynonymGroupNotFoundError(NotFoundError):
    """There is no such group of synonyms. Check the id; ``GET /v1/search/synonyms`` lists them all,
    and ``?term=`` finds the group that has a term.
    """

    code = "synonym_group_not_found"
    title = "No such group of synonyms"


class InvalidSynonymsError(InvalidValueError):
    """A group has 2 to 20 terms that differ by more than case and accents, each of 1 to 80
    characters and 1 to 5 words with a letter or digit in them. ``errors`` points at the term that
    is not.
    """

    code = "invalid_synonyms"
    title = "Not a group of synonyms"


class SynonymTakenError(ConflictError):
    """A term of the group stands in another group already; case and accents do not count. Add what
    it means to that group (``GET /v1/search/synonyms?term=`` finds it), or take it out there first.
    """

    code = "synonym_taken"
    title = "A term stands in another group"


class PinNotFoundError(NotFoundError):
    """There is no such pin. Check the id; a pin goes with the category it was for."""

    code = "pin_not_found"
    title = "No such pin"


class InvalidPinError(InvalidValueError):
    """A pin is for a query of 1 to 200 characters or for a category, one of the two, and names 1 to
    20 products, each once.
    """

    code = "invalid_pin"
    title = "Not a pin"


class PinTakenError(ConflictError):
    """The query or category has its pinned products already; case and accents of a query do not
    count. Change that pin instead.
    """

    code = "pin_taken"
    title = "Pinned already"


class UnknownPinnedCategoryError(RuleViolatedError):
    """The category to pin products in does not exist. Send the id of one that does;
    ``GET /v1/categories`` lists them all.
    """

    code = "unknown_pinned_category"
    title = "The category to pin in does not exist"


class UnknownPinnedProductsError(RuleViolatedError):
    """Some of the products to pin do not exist, and ``errors`` points at each. Leave them out; a
    product that was deleted does not come back.
    """

    code = "unknown_pinned_products"
    title = "A product to pin does not exist"
