"""What the routes of roles and API keys need."""

from dataclasses import dataclass

from ecommerce.application.identity.access.change_role import ChangeRoleHandler
from ecommerce.application.identity.access.create_api_key import CreateApiKeyHandler
from ecommerce.application.identity.access.create_role import CreateRoleHandler
from ecommerce.application.identity.access.delete_role import DeleteRoleHandler
from ecommerce.application.identity.access.give_roles import GiveRolesHandler
from ecommerce.application.identity.access.queries import AccessQueries
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKeyHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessServices:
    """Use cases and reads of roles and API keys; each field is a dependency of its name."""

    access: AccessQueries
    create_role: CreateRoleHandler
    change_role: ChangeRoleHandler
    delete_role: DeleteRoleHandler
    give_roles: GiveRolesHandler
    create_api_key: CreateApiKeyHandler
    revoke_api_key: RevokeApiKeyHandler
