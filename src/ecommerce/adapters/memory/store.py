"""Everything the in-memory adapters remember."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ecommerce.application.identity.belongings import ResetRequest
from ecommerce.application.shared.audit import AuditRecord
from ecommerce.application.shared.idempotency import StoredAnswer
from ecommerce.application.shared.mail import Mail
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.identity.address_book import BookedAddress
from ecommerce.domain.identity.mailed_token import MailedToken, TokenPurpose
from ecommerce.domain.identity.session import RefreshToken, Session
from ecommerce.domain.identity.user import User
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.merchandising.synonym_group import SynonymGroup


@dataclass(slots=True)
class WaitingMail:
    """A mail that was not sent yet, when it is to be tried next, and how often it was."""

    mail: Mail
    due_at: datetime
    tries: int = 0


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
    mailed_tokens: dict[tuple[UUID, TokenPurpose], MailedToken] = field(default_factory=dict)
    reset_requests: dict[UUID, ResetRequest] = field(default_factory=dict)
    known_clients: dict[UUID, dict[bytes, datetime]] = field(default_factory=dict)
    addresses: dict[UUID, BookedAddress] = field(default_factory=dict)
    mail: dict[UUID, WaitingMail] = field(default_factory=dict)
    answers: dict[tuple[str, str, str], tuple[bytes, StoredAnswer]] = field(default_factory=dict)


class MemoryStore:
    """Holds the committed state."""

    def __init__(self) -> None:
        self.committed = Tables()
