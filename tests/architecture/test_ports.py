"""Adapters match their ports: here mypy sees each beside what it promises, which it does not where
the container wires them.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Final, TypeVar, get_args, get_type_hints

from ecommerce import adapters, application
from ecommerce.adapters import memory, postgres
from ecommerce.adapters.cache.catalog import CachedCatalogQueries
from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.csv.error_file import ErrorFile
from ecommerce.adapters.mail.folder import FolderMailer
from ecommerce.adapters.mail.hosts import IdnaHosts
from ecommerce.adapters.mail.smtp import SmtpMailer
from ecommerce.adapters.memory.access import (
    InMemoryApiKeys,
    InMemoryLoginChallenges,
    InMemorySecondFactors,
    InMemoryStaffRoles,
)
from ecommerce.adapters.memory.access_queries import InMemoryAccessQueries, InMemoryApiKeyUses
from ecommerce.adapters.memory.account_queries import InMemoryAccountQueries
from ecommerce.adapters.memory.attempts import InMemoryAttempts
from ecommerce.adapters.memory.audit import InMemoryAudit
from ecommerce.adapters.memory.audit_queries import InMemoryAuditQueries
from ecommerce.adapters.memory.catalog import InMemoryCategories, InMemoryProducts
from ecommerce.adapters.memory.catalog_queries import InMemoryCatalogQueries
from ecommerce.adapters.memory.catalog_words import InMemoryVocabulary
from ecommerce.adapters.memory.idempotency import InMemoryIdempotencyRecords
from ecommerce.adapters.memory.identity import InMemorySessions, InMemoryUsers
from ecommerce.adapters.memory.identity_belongings import (
    InMemoryAddresses,
    InMemoryKnownClients,
    InMemoryMailedTokens,
    InMemoryResetRequests,
)
from ecommerce.adapters.memory.identity_queries import InMemoryIdentityQueries
from ecommerce.adapters.memory.inventory import InMemoryStock
from ecommerce.adapters.memory.inventory_queries import InMemoryInventoryQueries
from ecommerce.adapters.memory.mail import InMemoryMailer, InMemoryMailOutbox, InMemoryMailQueue
from ecommerce.adapters.memory.many_products import InMemoryManyProducts
from ecommerce.adapters.memory.merchandising import (
    InMemoryAssortment,
    InMemoryPins,
    InMemorySynonyms,
)
from ecommerce.adapters.memory.merchandising_queries import InMemoryMerchandisingQueries
from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.memory.steering import InMemorySteering
from ecommerce.adapters.memory.transaction import InMemoryTransaction
from ecommerce.adapters.postgres.access_keys import PostgresApiKeys, PostgresApiKeyUses
from ecommerce.adapters.postgres.access_queries import PostgresAccessQueries
from ecommerce.adapters.postgres.access_roles import PostgresStaffRoles
from ecommerce.adapters.postgres.account_queries import PostgresAccountQueries
from ecommerce.adapters.postgres.attempts import PostgresAttempts
from ecommerce.adapters.postgres.audit import PostgresAudit
from ecommerce.adapters.postgres.audit_queries import PostgresAuditQueries
from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.postgres.catalog_categories import PostgresCategories
from ecommerce.adapters.postgres.catalog_products import PostgresProducts
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.export import PostgresCatalogExport, PostgresCatalogSnapshot
from ecommerce.adapters.postgres.idempotency import PostgresIdempotencyRecords
from ecommerce.adapters.postgres.identity_addresses import PostgresAddresses
from ecommerce.adapters.postgres.identity_clients import PostgresKnownClients
from ecommerce.adapters.postgres.identity_queries import PostgresIdentityQueries
from ecommerce.adapters.postgres.identity_sessions import PostgresSessions
from ecommerce.adapters.postgres.identity_tokens import PostgresMailedTokens, PostgresResetRequests
from ecommerce.adapters.postgres.identity_users import PostgresUsers
from ecommerce.adapters.postgres.inventory import PostgresStock
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.mail import PostgresMailOutbox, PostgresMailQueue
from ecommerce.adapters.postgres.many_products import PostgresManyProducts
from ecommerce.adapters.postgres.merchandising_pins import PostgresAssortment, PostgresPins
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.adapters.postgres.merchandising_synonyms import PostgresSynonyms
from ecommerce.adapters.postgres.pacing import PostgresPace
from ecommerce.adapters.postgres.past_queries import PostgresPastQueries
from ecommerce.adapters.postgres.search.vocabulary import PostgresVocabulary
from ecommerce.adapters.postgres.second_factors import (
    PostgresLoginChallenges,
    PostgresSecondFactors,
)
from ecommerce.adapters.postgres.transaction import PostgresTransaction
from ecommerce.adapters.security.aes_sealer import AesSealer
from ecommerce.adapters.security.api_key_tokens import ApiKeyTokens
from ecommerce.adapters.security.argon2_hasher import Argon2Hasher
from ecommerce.adapters.security.breached_passwords import HashedPasswordsFile, NoBreachedPasswords
from ecommerce.adapters.security.common_passwords import ZxcvbnCommonPasswords
from ecommerce.adapters.security.device_marks import HmacDeviceMarks
from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.live_keys import LiveKeys
from ecommerce.adapters.security.one_time_codes import RandomRecoveryCodes, TotpCodes
from ecommerce.adapters.security.secret_tokens import RandomTokens
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.adapters.text.html import Nh3Sanitizer
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.audit.queries import AuditQueries
from ecommerce.application.catalog.bulk import BulkCatalog
from ecommerce.application.catalog.changes import CatalogObserver
from ecommerce.application.catalog.export import CatalogExport, CatalogSnapshot
from ecommerce.application.catalog.import_products import HtmlSanitizer, Rejects
from ecommerce.application.catalog.many_products import ManyProducts, ManyProductsTransaction
from ecommerce.application.catalog.ports import (
    CatalogTransaction,
    Categories,
    OpeningStock,
    Products,
    Slugs,
)
from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.search.planner import Vocabulary
from ecommerce.application.catalog.search.steering import Steering
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.identity.access.ports import (
    AccessTransaction,
    ApiKeys,
    ApiKeySecrets,
    ApiKeyUses,
    StaffRoles,
)
from ecommerce.application.identity.access.queries import AccessQueries
from ecommerce.application.identity.acting import ActingTransaction
from ecommerce.application.identity.attempts import Attempts
from ecommerce.application.identity.belongings import (
    Addresses,
    KnownClients,
    MailedTokens,
    ResetRequests,
)
from ecommerce.application.identity.device_marks import DeviceMarks
from ecommerce.application.identity.ports import (
    AccessTokens,
    BreachedPasswords,
    CommonPasswords,
    IdentityTransaction,
    MailHosts,
    PasswordHasher,
    PublicKeys,
    Sessions,
    TokenSecrets,
    Users,
)
from ecommerce.application.identity.queries import AccountQueries, IdentityQueries
from ecommerce.application.identity.second_factor.ports import (
    LoginChallenges,
    OneTimeCodes,
    RecoveryCodes,
    Sealer,
    SecondFactors,
    SecondFactorTransaction,
)
from ecommerce.application.identity.whole_account import WholeAccountTransaction
from ecommerce.application.inventory.ports import InventoryTransaction, Stock
from ecommerce.application.inventory.queries import InventoryQueries
from ecommerce.application.merchandising.ports import (
    Assortment,
    MerchandisingTransaction,
    Pins,
    Synonyms,
)
from ecommerce.application.merchandising.queries import MerchandisingQueries
from ecommerce.application.shared.audit import Audit, AuditedTransaction
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.idempotency import IdempotencyRecords, IdempotentTransaction
from ecommerce.application.shared.mail import Mailer, MailOutbox, MailQueue, MailTransaction
from ecommerce.application.shared.pacing import Pace
from ecommerce.application.shared.transaction import Transaction

T = TypeVar("T")
By = tuple[type[T], ...]

_TRANSACTIONS: Final = (InMemoryTransaction, PostgresTransaction)


class Fulfilled:
    """Each port, and all that fulfil it."""

    audit_queries: By[AuditQueries] = (InMemoryAuditQueries, PostgresAuditQueries)
    bulk_catalog: By[BulkCatalog] = (PostgresBulkCatalog,)
    catalog_observer: By[CatalogObserver] = (Generations,)
    catalog_snapshot: By[CatalogSnapshot] = (PostgresCatalogSnapshot,)
    catalog_export: By[CatalogExport] = (PostgresCatalogExport,)
    html_sanitizer: By[HtmlSanitizer] = (Nh3Sanitizer,)
    rejects: By[Rejects] = (ErrorFile,)
    many_products: By[ManyProducts] = (InMemoryManyProducts, PostgresManyProducts)
    many_products_transaction: By[ManyProductsTransaction] = _TRANSACTIONS
    products: By[Products] = (InMemoryProducts, PostgresProducts)
    categories: By[Categories] = (InMemoryCategories, PostgresCategories)
    opening_stock: By[OpeningStock] = (InMemoryStock, PostgresStock)
    slugs: By[Slugs] = (PythonSlugs,)
    catalog_transaction: By[CatalogTransaction] = _TRANSACTIONS
    catalog_queries: By[CatalogQueries] = (
        CachedCatalogQueries,
        InMemoryCatalogQueries,
        PostgresCatalogQueries,
    )
    past_queries: By[PastQueries] = (InMemoryPastQueries, PostgresPastQueries)
    vocabulary: By[Vocabulary] = (InMemoryVocabulary, PostgresVocabulary)
    steering: By[Steering] = (InMemorySteering,)
    analyzer: By[Analyzer] = (SnowballAnalyzer,)
    staff_roles: By[StaffRoles] = (InMemoryStaffRoles, PostgresStaffRoles)
    api_keys: By[ApiKeys] = (InMemoryApiKeys, PostgresApiKeys)
    access_transaction: By[AccessTransaction] = _TRANSACTIONS
    api_key_secrets: By[ApiKeySecrets] = (ApiKeyTokens,)
    api_key_uses: By[ApiKeyUses] = (InMemoryApiKeyUses, PostgresApiKeyUses)
    access_queries: By[AccessQueries] = (InMemoryAccessQueries, PostgresAccessQueries)
    attempts: By[Attempts] = (InMemoryAttempts, PostgresAttempts)
    mailed_tokens: By[MailedTokens] = (InMemoryMailedTokens, PostgresMailedTokens)
    reset_requests: By[ResetRequests] = (InMemoryResetRequests, PostgresResetRequests)
    known_clients: By[KnownClients] = (InMemoryKnownClients, PostgresKnownClients)
    addresses: By[Addresses] = (InMemoryAddresses, PostgresAddresses)
    device_marks: By[DeviceMarks] = (HmacDeviceMarks,)
    users: By[Users] = (InMemoryUsers, PostgresUsers)
    sessions: By[Sessions] = (InMemorySessions, PostgresSessions)
    acting_transaction: By[ActingTransaction] = _TRANSACTIONS
    identity_transaction: By[IdentityTransaction] = _TRANSACTIONS
    password_hasher: By[PasswordHasher] = (Argon2Hasher,)
    mail_hosts: By[MailHosts] = (IdnaHosts,)
    common_passwords: By[CommonPasswords] = (ZxcvbnCommonPasswords,)
    breached_passwords: By[BreachedPasswords] = (NoBreachedPasswords, HashedPasswordsFile)
    access_tokens: By[AccessTokens] = (JwtTokens,)
    public_keys: By[PublicKeys] = (LiveKeys,)
    token_secrets: By[TokenSecrets] = (RandomTokens,)
    identity_queries: By[IdentityQueries] = (InMemoryIdentityQueries, PostgresIdentityQueries)
    account_queries: By[AccountQueries] = (InMemoryAccountQueries, PostgresAccountQueries)
    second_factors: By[SecondFactors] = (InMemorySecondFactors, PostgresSecondFactors)
    login_challenges: By[LoginChallenges] = (InMemoryLoginChallenges, PostgresLoginChallenges)
    second_factor_transaction: By[SecondFactorTransaction] = _TRANSACTIONS
    one_time_codes: By[OneTimeCodes] = (TotpCodes,)
    recovery_codes: By[RecoveryCodes] = (RandomRecoveryCodes,)
    sealer: By[Sealer] = (AesSealer,)
    whole_account_transaction: By[WholeAccountTransaction] = _TRANSACTIONS
    stock: By[Stock] = (InMemoryStock, PostgresStock)
    inventory_transaction: By[InventoryTransaction] = _TRANSACTIONS
    inventory_queries: By[InventoryQueries] = (InMemoryInventoryQueries, PostgresInventoryQueries)
    synonyms: By[Synonyms] = (InMemorySynonyms, PostgresSynonyms)
    pins: By[Pins] = (InMemoryPins, PostgresPins)
    assortment: By[Assortment] = (InMemoryAssortment, PostgresAssortment)
    merchandising_transaction: By[MerchandisingTransaction] = _TRANSACTIONS
    merchandising_queries: By[MerchandisingQueries] = (
        InMemoryMerchandisingQueries,
        PostgresMerchandisingQueries,
    )
    audit: By[Audit] = (InMemoryAudit, PostgresAudit)
    audited_transaction: By[AuditedTransaction] = _TRANSACTIONS
    clock: By[Clock] = (SystemClock,)
    ids: By[Ids] = (Uuid7Ids,)
    idempotency_records: By[IdempotencyRecords] = (
        InMemoryIdempotencyRecords,
        PostgresIdempotencyRecords,
    )
    idempotent_transaction: By[IdempotentTransaction] = _TRANSACTIONS
    mailer: By[Mailer] = (FolderMailer, SmtpMailer, InMemoryMailer)
    mail_outbox: By[MailOutbox] = (InMemoryMailOutbox, PostgresMailOutbox)
    mail_transaction: By[MailTransaction] = _TRANSACTIONS
    mail_queue: By[MailQueue] = (InMemoryMailQueue, PostgresMailQueue)
    pace: By[Pace] = (InMemoryPace, PostgresPace)
    transaction: By[Transaction] = _TRANSACTIONS


def modules_of(room: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        yield importlib.import_module(found.name)


def classes_of(room: ModuleType) -> Iterator[type]:
    for module in modules_of(room):
        for name, cls in vars(module).items():
            here = inspect.isclass(cls) and cls.__module__ == module.__name__
            if here and not name.startswith("_"):
                yield cls


def is_port(cls: type) -> bool:
    return bool(getattr(cls, "_is_protocol", False))


PORTS: Final = {cls.__name__: cls for cls in classes_of(application) if is_port(cls)}
FULFILLED: Final[dict[type, tuple[type, ...]]] = {
    get_args(get_args(hint)[0])[0]: getattr(Fulfilled, name)
    for name, hint in get_type_hints(Fulfilled).items()
}


def test_every_port_is_fulfilled() -> None:
    assert set(FULFILLED) == set(PORTS.values())
    assert all(FULFILLED.values())


def test_every_adapter_that_is_named_for_a_port_is_seen_to_fulfil_it() -> None:
    for cls in classes_of(adapters):
        named = [
            name for name in PORTS if cls.__name__.removesuffix(name) not in ("", cls.__name__)
        ]
        if named:
            assert cls in FULFILLED[PORTS[max(named, key=len)]], cls


def test_what_fulfils_a_port_is_named_for_its_technology_and_the_port() -> None:
    for room, prefix in ((memory, "InMemory"), (postgres, "Postgres")):
        for cls in classes_of(room):
            ports = {port.__name__ for port, those in FULFILLED.items() if cls in those}
            if ports:
                assert cls.__name__ in {prefix + port for port in ports}, cls
