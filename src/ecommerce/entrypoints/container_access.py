"""The providers of roles and API keys."""

from dependency_injector import providers

from ecommerce.adapters.postgres.access_queries import PostgresAccessQueries
from ecommerce.application.identity.access.change_role import ChangeRoleHandler
from ecommerce.application.identity.access.create_api_key import CreateApiKeyHandler
from ecommerce.application.identity.access.create_role import CreateRoleHandler
from ecommerce.application.identity.access.delete_role import DeleteRoleHandler
from ecommerce.application.identity.access.give_roles import GiveRolesHandler
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKeyHandler
from ecommerce.entrypoints.container_foundation import Foundation
from ecommerce.entrypoints.container_identity import IdentityProviders


class AccessProviders(IdentityProviders):
    """Use cases and reads of roles and API keys."""

    access_queries = providers.Singleton(PostgresAccessQueries, Foundation.database)
    create_role = providers.Singleton(
        CreateRoleHandler, Foundation.transactions, Foundation.clock, Foundation.ids
    )
    change_role = providers.Singleton(ChangeRoleHandler, Foundation.transactions, Foundation.clock)
    delete_role = providers.Singleton(DeleteRoleHandler, Foundation.transactions)
    give_roles = providers.Singleton(GiveRolesHandler, Foundation.transactions, Foundation.clock)
    create_api_key = providers.Singleton(
        CreateApiKeyHandler,
        Foundation.transactions,
        IdentityProviders.api_key_tokens,
        IdentityProviders.letters,
        Foundation.clock,
        Foundation.ids,
    )
    revoke_api_key = providers.Singleton(
        RevokeApiKeyHandler, Foundation.transactions, Foundation.clock
    )
