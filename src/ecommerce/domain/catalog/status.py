"""Where a product stands between idea and history."""

from enum import StrEnum


class ProductStatus(StrEnum):
    """Drafts are being prepared, active products are on sale, archived ones no longer."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"
