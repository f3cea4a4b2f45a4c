"""The whole HTTP application over memory adapters, at a fixed instant."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from tests.http.shared import application
from tests.support.identity import START, Identity, MovableClock, identity_over
from tests.support.reads import english
from typing_extensions import override

from ecommerce.adapters.memory.audit_queries import InMemoryAuditQueries
from ecommerce.adapters.memory.catalog_queries import InMemoryCatalogQueries
from ecommerce.adapters.memory.inventory_queries import InMemoryInventoryQueries
from ecommerce.adapters.memory.merchandising_queries import InMemoryMerchandisingQueries
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.memory.steering import InMemorySteering
from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.add_variant import AddVariantHandler
from ecommerce.application.catalog.change_category import ChangeCategoryHandler
from ecommerce.application.catalog.change_product import ChangeProductHandler
from ecommerce.application.catalog.change_variant import ChangeVariantHandler
from ecommerce.application.catalog.create_category import CreateCategoryHandler
from ecommerce.application.catalog.create_product import CreateProductHandler
from ecommerce.application.catalog.delete_category import DeleteCategoryHandler
from ecommerce.application.catalog.delete_product import DeleteProductHandler
from ecommerce.application.catalog.remove_variant import RemoveVariantHandler
from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulkHandler
from ecommerce.application.inventory.adjust_stock import AdjustStockHandler
from ecommerce.application.merchandising.create_pin import CreatePinHandler
from ecommerce.application.merchandising.create_synonym_group import CreateSynonymGroupHandler
from ecommerce.application.merchandising.delete_pin import DeletePinHandler
from ecommerce.application.merchandising.delete_synonym_group import DeleteSynonymGroupHandler
from ecommerce.application.merchandising.replace_pin import ReplacePinHandler
from ecommerce.application.merchandising.replace_synonym_group import ReplaceSynonymGroupHandler
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.audit import Scribe
from ecommerce.application.shared.idempotency import Once
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidTokenError
from ecommerce.domain.identity.permissions import EVERY
from ecommerce.domain.identity.session import Session
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import SessionId, UserId
from ecommerce.entrypoints.http.audit.services import AuditServices
from ecommerce.entrypoints.http.auth import Authenticate
from ecommerce.entrypoints.http.catalog.services import CatalogServices
from ecommerce.entrypoints.http.inventory.services import InventoryServices
from ecommerce.entrypoints.http.merchandising.services import MerchandisingServices
from ecommerce.entrypoints.http.perimeter import Perimeter
from ecommerce.entrypoints.http.rate_limits import RateLimits
from ecommerce.entrypoints.http.services import HttpSettings, Services

USD: Final = "USD"
SECRET: Final = b"a secret that only tests have...."

_READING: Final = frozenset({"catalog:read", "inventory:read", "merchandising:read"})
_LOOKING: Final = frozenset({"roles:read", "api_keys:read"})
_WRITING: Final = frozenset({"catalog:write", "inventory:write", "merchandising:write"})
_PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    "customer": frozenset(),
    "reader": _READING | _LOOKING | {"users:read"},
    "staff": _READING | _WRITING,
    "admin": EVERY,
}


async def authenticate(token: str) -> Actor:
    """A token is the name of a role; any other is not valid."""
    if token not in _PERMISSIONS:
        raise InvalidTokenError("The token is not valid.")
    number = 1 + list(_PERMISSIONS).index(token)
    return Actor(
        UserId(UUID(int=number)),
        SessionId(UUID(int=number)),
        token,
        _PERMISSIONS[token],
        proved=True,
    )


async def scrape() -> bytes:
    """Metrics that nobody counted."""
    return b"# HELP nothing\n"


class TickingClock(MovableClock):
    """Moves on with every look, so that what comes later has the greater id."""

    @override
    def now(self) -> datetime:
        self.move(timedelta(milliseconds=1))
        return self.instant


@dataclass
class Parts:
    """What readiness says fails."""

    failing: dict[str, str] = field(default_factory=dict)

    async def __call__(self) -> Mapping[str, str]:
        return self.failing


DEFAULTS: Final = HttpSettings(secret=SECRET, version="0.0.0-test", access_log=False)


def services(
    store: MemoryStore | None = None,
    *,
    parts: Parts | None = None,
    settings: HttpSettings | None = None,
    identity: Identity | None = None,
    sign_in: Callable[[Identity], Authenticate] | None = None,
    perimeter: Perimeter | None = None,
    limits: RateLimits | None = None,
) -> Services:
    """Everything over one memory store, or over the one of an ``Identity``, with its accounts;
    without either, and without ``sign_in``, a token is the name of a role.
    """
    ids, slugs = Uuid7Ids(), PythonSlugs()
    known: Authenticate = authenticate if identity is None else identity.authenticate
    if identity is None:
        store, ticking = store or MemoryStore(), TickingClock()
        identity = identity_over(InMemoryTransactions(store, Scribe(ticking, ids)), store, ticking)
    if sign_in is not None:
        known = sign_in(identity)
    transactions, clock = identity.transactions, identity.clock
    assert isinstance(transactions, InMemoryTransactions)
    past_queries = InMemoryPastQueries()
    return Services(
        settings=settings or DEFAULTS,
        authenticate=known,
        perimeter=perimeter or Perimeter(),
        limits=limits or RateLimits.off(),
        once=Once(transactions),
        readiness=parts or Parts(),
        scrape=scrape,
        catalog=CatalogServices(
            catalog=InMemoryCatalogQueries(
                transactions,
                english(),
                past_queries,
                InMemorySteering(transactions, english()),
            ),
            past_queries=past_queries,
            create_product=CreateProductHandler(
                transactions=transactions, clock=clock, ids=ids, slugs=slugs, currency=USD
            ),
            change_product=ChangeProductHandler(transactions=transactions, clock=clock),
            delete_product=DeleteProductHandler(transactions=transactions),
            write_products_in_bulk=WriteProductsInBulkHandler(
                transactions=transactions, clock=clock, ids=ids, slugs=slugs, currency=USD
            ),
            add_variant=AddVariantHandler(
                transactions=transactions, clock=clock, ids=ids, currency=USD
            ),
            change_variant=ChangeVariantHandler(
                transactions=transactions, clock=clock, currency=USD
            ),
            remove_variant=RemoveVariantHandler(transactions=transactions, clock=clock),
            create_category=CreateCategoryHandler(
                transactions=transactions, clock=clock, ids=ids, slugs=slugs
            ),
            change_category=ChangeCategoryHandler(transactions=transactions, clock=clock),
            delete_category=DeleteCategoryHandler(transactions=transactions),
        ),
        inventory=InventoryServices(
            inventory=InMemoryInventoryQueries(transactions),
            adjust_stock=AdjustStockHandler(transactions=transactions, clock=clock, ids=ids),
        ),
        merchandising=MerchandisingServices(
            merchandising=InMemoryMerchandisingQueries(transactions),
            create_synonym_group=CreateSynonymGroupHandler(
                transactions=transactions, clock=clock, ids=ids
            ),
            replace_synonym_group=ReplaceSynonymGroupHandler(
                transactions=transactions, clock=clock
            ),
            delete_synonym_group=DeleteSynonymGroupHandler(transactions=transactions),
            create_pin=CreatePinHandler(transactions=transactions, clock=clock, ids=ids),
            replace_pin=ReplacePinHandler(transactions=transactions, clock=clock),
            delete_pin=DeletePinHandler(transactions=transactions),
        ),
        identity=identity.services(),
        access=identity.access_services(),
        audit=AuditServices(audit_log=InMemoryAuditQueries(transactions)),
    )


def settings(
    *,
    require_if_match: bool = False,
    body_limit_bytes: int = DEFAULTS.body_limit_bytes,
    receive_timeout_seconds: float = DEFAULTS.receive_timeout_seconds,
    access_log: bool = False,
) -> HttpSettings:
    """An operator's decisions."""
    return HttpSettings(
        secret=SECRET,
        version=DEFAULTS.version,
        require_if_match=require_if_match,
        body_limit_bytes=body_limit_bytes,
        receive_timeout_seconds=receive_timeout_seconds,
        access_log=access_log,
    )


def client_of(given: Services) -> httpx.AsyncClient:
    """A client of the application, nobody signed in."""
    app = application(given)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),  # type: ignore[arg-type]
        base_url="http://shop.test",
    )


@pytest_asyncio.fixture(scope="session")
async def shop() -> AsyncIterator[tuple[httpx.AsyncClient, MemoryStore]]:
    """One application for all tests, since making it takes a while, and what it stands on."""
    store = MemoryStore()
    async with client_of(services(store)) as opened:
        yield opened, store


@pytest.fixture
def client(shop: tuple[httpx.AsyncClient, MemoryStore]) -> httpx.AsyncClient:
    """A client of a shop with nothing in it but its admin's account and session."""
    opened, store = shop
    admin = User.register(
        UserId(UUID(int=1 + list(_PERMISSIONS).index("admin"))),
        Email("admin@shop.test"),
        "x",
        full_name=None,
        now=START,
        role=Role.ADMIN,
    )
    session = Session(
        id=SessionId(admin.id),
        user_id=admin.id,
        created_at=START,
        expires_at=START + timedelta(days=30),
        last_used_at=START,
    )
    store.committed = Tables(users={admin.id: admin}, sessions={session.id: session})
    return opened


def bearer(role: str) -> dict[str, str]:
    """Headers that sign a request in."""
    return {"Authorization": f"Bearer {role}"}


STAFF: Final = bearer("staff")


def a_product(sku: str = "MUG-1", **fields: object) -> dict[str, Any]:
    """The body of a new product, on sale, with one variant."""
    return {
        "name": "Mug",
        "status": "active",
        "variants": [{"sku": sku, "price": {"amount": 1250, "currency": USD}, "on_hand": 5}],
        **fields,
    }


async def create(client: httpx.AsyncClient, address: str, body: dict[str, Any]) -> httpx.Response:
    """Create something as staff; it must work."""
    made = await client.post(address, json=body, headers=STAFF)
    assert made.status_code == 201, made.text
    return made


@pytest.fixture
def parts() -> Parts:
    """What readiness asks."""
    return Parts()
