"""What a broken constraint means to the shop, known by the constraint's name."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from psycopg import errors

from ecommerce.domain.catalog.errors import (
    CategoryNotEmptyError,
    SkuTakenError,
    UnknownCategoryError,
)
from ecommerce.domain.identity.access_errors import (
    RoleInUseError,
    RoleNameTakenError,
    UnknownRoleError,
)
from ecommerce.domain.identity.errors import EmailTakenError
from ecommerce.domain.inventory.errors import StockReservedError
from ecommerce.domain.merchandising.errors import (
    PinTakenError,
    SynonymTakenError,
    UnknownPinnedCategoryError,
    UnknownPinnedProductsError,
)
from ecommerce.domain.shared.errors import DomainError, Violation
from ecommerce.domain.shared.slugs import SlugTakenError

_UNKNOWN: Final = "The category named does not exist."
_NOT_EMPTY: Final = "The category has categories or products in it."


def _slug_taken() -> DomainError:
    return SlugTakenError("The slug is taken.", Violation("/slug", "is taken."))


def _stock_reserved() -> DomainError:
    return StockReservedError("On hand would fall below what is reserved, or below nothing.")


DOMAIN_ERRORS: Final[Mapping[str, Callable[[], DomainError]]] = {
    "category_slug_key": _slug_taken,
    "category_old_slug_pkey": _slug_taken,
    "category_parent_id_fkey": lambda: UnknownCategoryError(
        _UNKNOWN, Violation("/parent_id", _UNKNOWN)
    ),
    "product_slug_key": _slug_taken,
    "product_old_slug_pkey": _slug_taken,
    "product_category_id_fkey": lambda: UnknownCategoryError(
        _UNKNOWN, Violation("/category_id", _UNKNOWN)
    ),
    "variant_sku_key_key": lambda: SkuTakenError(
        "The SKU is taken.", Violation("/sku", "is taken.")
    ),
    "stock_item_on_hand_check": _stock_reserved,
    "stock_item_reserved_is_on_hand_check": _stock_reserved,
    "synonym_term_term_key_key": lambda: SynonymTakenError("A term stands in another group."),
    "pin_query_key_key": lambda: PinTakenError(
        "The query has its pin already.", Violation("/query", "has its pin already.")
    ),
    "pin_category_id_key": lambda: PinTakenError(
        "The category has its pin already.", Violation("/category_id", "has its pin already.")
    ),
    "pin_category_id_fkey": lambda: UnknownPinnedCategoryError(
        _UNKNOWN, Violation("/category_id", _UNKNOWN)
    ),
    "pin_product_product_id_fkey": lambda: UnknownPinnedProductsError(
        "A product to pin does not exist."
    ),
    "staff_role_name_key_key": lambda: RoleNameTakenError(
        "Another role has this name.", Violation("/name", "is taken.")
    ),
    "user_role_role_id_fkey": lambda: UnknownRoleError("A role named does not exist."),
    "user_account_email_key_key": lambda: EmailTakenError("An account with this address exists."),
}
"""The error that stands for each constraint that a request can break."""

_RESTRICTED: Final[Mapping[str, Callable[[], Exception]]] = {
    "category_parent_id_fkey": lambda: CategoryNotEmptyError(_NOT_EMPTY),
    "product_category_id_fkey": lambda: CategoryNotEmptyError(_NOT_EMPTY),
    "user_role_role_id_fkey": lambda: RoleInUseError("Somebody has this role."),
}
"""The same where something is to go that others refer to."""


def domain_error_of(error: errors.IntegrityError, *, removing: bool = False) -> Exception:
    """The domain's error for a broken constraint, or the error itself where the shop has none.

    PostgreSQL 18 says itself that a reference keeps a row from going (23001); before, it says the
    same as of a reference to nothing (23503), so ``removing`` tells.
    """
    name = error.diag.constraint_name or ""
    kept = isinstance(error, errors.RestrictViolation) or (
        removing and isinstance(error, errors.ForeignKeyViolation)
    )
    made = (_RESTRICTED if kept else DOMAIN_ERRORS).get(name)
    return error if made is None else made()


@contextmanager
def domain_errors(*, removing: bool = False) -> Iterator[None]:
    """Let broken constraints leave as domain errors."""
    try:
        yield
    except errors.IntegrityError as error:
        raise domain_error_of(error, removing=removing) from error
