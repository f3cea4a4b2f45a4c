"""Everything the in-memory adapters remember."""

from dataclasses import dataclass, field
from uuid import UUID

from ecommerce.application.shared.audit import AuditRecord
from ecommerce.application.shared.idempotency import StoredAnswer
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.identity.session import RefreshToken, Session
from ecommerce.domain.identity.user import User
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.merchandising.synonym_group import SynonymGroup


@dataclass(slots=True)
class Tables:
    """The state: copied deeply for each transaction and swapped in by its commit."""

    products: dict[UUID, Product] = field(default_factory=dict)
    product_old_slugs: dict[str, UUID] = field(default_factory=dict)
    categories: dict[UUID, Category] = field(default_factory=dict)
    category_old_slugs: dict[str, UUID] = field(default_factory=dict)
    stock: dict[UUID, StockItem] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    synonym_groups: dict[UUID, SynonymGroup] = field(default_factory=dict)
    pins: dict[UUID, Pin] = field(default_factory=dict)
    users: dict[UUID, User] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    refresh_tokens: dict[bytes, RefreshToken] = field(default_factory=dict)
    audit_records: list[AuditRecord] = field(default_factory=list)
    answers: dict[tuple[str, str, str], tuple[bytes, StoredAnswer]] = field(default_factory=dict)


class MemoryStore:
    """Holds the committed state."""

    def __init__(self) -> None:
        self.committed = Tables()
