"""The one description of the schema; Alembic compares the database with it."""

from ecommerce.adapters.postgres.access_tables import (
    api_key,
    login_challenge,
    second_factor,
    staff_role,
    user_role,
)
from ecommerce.adapters.postgres.attempt_tables import attempt, pace
from ecommerce.adapters.postgres.audit_tables import audit_record
from ecommerce.adapters.postgres.catalog_tables import (
    BARCODE_KEY,
    category,
    category_listing,
    category_old_slug,
    product,
    product_listing,
    product_old_slug,
    variant,
)
from ecommerce.adapters.postgres.idempotency_tables import idempotency_record
from ecommerce.adapters.postgres.identity_tables import (
    booked_address,
    earlier_mailed_token,
    known_client,
    mailed_token,
    refresh_token,
    reset_request,
    session,
    user_account,
)
from ecommerce.adapters.postgres.inventory_tables import stock_item, stock_movement
from ecommerce.adapters.postgres.mail_tables import mail_outbox
from ecommerce.adapters.postgres.merchandising_tables import (
    pin,
    pin_product,
    synonym_group,
    synonym_term,
)
from ecommerce.adapters.postgres.schema import metadata
from ecommerce.adapters.postgres.search_tables import (
    past_query,
    product_words,
    search_change,
    search_field,
    search_posting,
    search_segment,
    search_state,
    search_word,
)
from ecommerce.adapters.postgres.whole_tables import schema_floor, shop

__all__ = [
    "BARCODE_KEY",
    "api_key",
    "attempt",
    "audit_record",
    "booked_address",
    "category",
    "category_listing",
    "category_old_slug",
    "earlier_mailed_token",
    "idempotency_record",
    "known_client",
    "login_challenge",
    "mail_outbox",
    "mailed_token",
    "metadata",
    "pace",
    "past_query",
    "pin",
    "pin_product",
    "product",
    "product_listing",
    "product_old_slug",
    "product_words",
    "refresh_token",
    "reset_request",
    "schema_floor",
    "search_change",
    "search_field",
    "search_posting",
    "search_segment",
    "search_state",
    "search_word",
    "second_factor",
    "session",
    "shop",
    "staff_role",
    "stock_item",
    "stock_movement",
    "synonym_group",
    "synonym_term",
    "user_account",
    "user_role",
    "variant",
]
