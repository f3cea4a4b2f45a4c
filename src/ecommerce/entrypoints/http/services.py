"""Everything the HTTP room is given from outside."""

from dataclasses import dataclass, field

from ecommerce.application.shared.idempotency import Once
from ecommerce.entrypoints.http.access.services import AccessServices
from ecommerce.entrypoints.http.access_log import AccessLog, through_structlog
from ecommerce.entrypoints.http.audit.services import AuditServices
from ecommerce.entrypoints.http.auth import Authenticate
from ecommerce.entrypoints.http.catalog.services import CatalogServices
from ecommerce.entrypoints.http.identity.services import IdentityServices
from ecommerce.entrypoints.http.inventory.services import InventoryServices
from ecommerce.entrypoints.http.merchandising.services import MerchandisingServices
from ecommerce.entrypoints.http.observing import RequestObserver, Scrape
from ecommerce.entrypoints.http.perimeter import Perimeter
from ecommerce.entrypoints.http.rate_limits import RateLimits
from ecommerce.entrypoints.http.readiness import Readiness


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """What an operator decides about the HTTP edge."""

    secret: bytes
    """Signs cursors and fingerprints requests; instances behind one address share it."""

    version: str
    currency: str = "USD"
    require_if_match: bool = False
    step_up_seconds: int = 900
    staff_password_min: int = 15
    body_limit_bytes: int = 1_048_576
    receive_timeout_seconds: float = 10.0
    in_flight: int = 32
    access_log: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What ``create_app`` is given. The fields of each context's services are what routes
    can ask for by name (``Given``): a parameter ``create_product`` gets ``catalog.create_product``.
    """

    settings: HttpSettings
    authenticate: Authenticate
    once: Once
    readiness: Readiness
    catalog: CatalogServices
    inventory: InventoryServices
    merchandising: MerchandisingServices
    identity: IdentityServices
    access: AccessServices
    audit: AuditServices
    scrape: Scrape
    access_log: AccessLog = through_structlog
    observers: tuple[RequestObserver, ...] = ()
    perimeter: Perimeter = field(default_factory=Perimeter)
    limits: RateLimits = field(default_factory=RateLimits.off)
