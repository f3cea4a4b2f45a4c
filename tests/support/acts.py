"""Everything that somebody who is signed in changes of accounts, roles and keys."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.support.authority import (
    Authenticator,
    a_key,
    a_role,
    an_actor,
    make,
    with_second_factor,
)
from tests.support.identity import PASSWORD, Identity

from ecommerce.application.identity.access.change_role import ChangeRole
from ecommerce.application.identity.access.create_api_key import CreateApiKey
from ecommerce.application.identity.access.create_role import CreateRole
from ecommerce.application.identity.access.delete_role import DeleteRole
from ecommerce.application.identity.access.give_roles import GiveRoles
from ecommerce.application.identity.access.revoke_api_key import RevokeApiKey
from ecommerce.application.identity.add_address import AddAddress
from ecommerce.application.identity.change_password import ChangePassword
from ecommerce.application.identity.change_profile import ChangeProfile
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.identity.end_session import EndSession
from ecommerce.application.identity.remove_address import RemoveAddress
from ecommerce.application.identity.replace_address import ReplaceAddress
from ecommerce.application.identity.resend_verification import ResendVerification
from ecommerce.application.identity.second_factor.begin import BeginSecondFactor
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactor
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactor
from ecommerce.application.identity.second_factor.renew_recovery_codes import RenewRecoveryCodes
from ecommerce.application.identity.step_up import StepUp
from ecommerce.application.shared.actor import Actor
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import AddressId, ApiKeyId, SessionId, StaffRoleId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress

SOMEWHERE: Final = PostalAddress(full_name="Ada", line1="1", city="London", country="GB")
ELSEWHERE: Final = PostalAddress(full_name="Ada", line1="2", city="Paris", country="FR")


@dataclass
class Scene:
    """An admin with all that there is to change, signed in twice, and somebody who works here."""

    identity: Identity
    actor: Actor
    session_id: SessionId
    refresh_token: str
    elsewhere: SessionId
    staff: UserId
    role_id: StaffRoleId
    key_id: ApiKeyId
    address_id: AddressId
    code: str = ""


Act: TypeAlias = Callable[[Scene], Awaitable[object]]

ACTS: Final[Mapping[str, Act]] = {
    "make a role": lambda s: s.identity.create_role(
        CreateRole(actor=s.actor, name="New", permissions=["catalog:read"])
    ),
    "change a role": lambda s: s.identity.change_role(
        ChangeRole(actor=s.actor, role_id=s.role_id, name="Other")
    ),
    "delete a role": lambda s: s.identity.delete_role(DeleteRole(actor=s.actor, role_id=s.role_id)),
    "give a role": lambda s: s.identity.give_roles(
        GiveRoles(actor=s.actor, user_id=s.staff, role_ids=[s.role_id])
    ),
    "make a key": lambda s: s.identity.create_api_key(
        CreateApiKey(actor=s.actor, name="New", permissions=["catalog:read"], days=1)
    ),
    "revoke a key": lambda s: s.identity.revoke_api_key(
        RevokeApiKey(actor=s.actor, key_id=s.key_id)
    ),
    "disable somebody": lambda s: s.identity.change_user(
        ChangeUser(actor=s.actor, user_id=s.staff, disabled=True)
    ),
    "change a profile": lambda s: s.identity.change_profile(
        ChangeProfile(actor=s.actor, full_name="Ada King")
    ),
    "add an address": lambda s: s.identity.add_address(
        AddAddress(actor=s.actor, details=AddressDetails(address=ELSEWHERE))
    ),
    "replace an address": lambda s: s.identity.replace_address(
        ReplaceAddress(
            actor=s.actor, address_id=s.address_id, details=AddressDetails(address=ELSEWHERE)
        )
    ),
    "remove an address": lambda s: s.identity.remove_address(
        RemoveAddress(actor=s.actor, address_id=s.address_id)
    ),
    "ask for a link": lambda s: s.identity.resend_verification(ResendVerification(actor=s.actor)),
    "sign out elsewhere": lambda s: s.identity.end_session(
        EndSession(actor=s.actor, session_id=s.elsewhere)
    ),
    "change the password": lambda s: s.identity.change_password(
        ChangePassword(
            user_id=s.actor.user_id,
            session_id=s.session_id,
            current_password=PASSWORD,
            new_password="the engine weaves patterns",
        )
    ),
    "step up": lambda s: s.identity.step_up(
        StepUp(user_id=s.actor.user_id, session_id=s.session_id, password=PASSWORD)
    ),
    "begin a second factor": lambda s: s.identity.begin_second_factor(
        BeginSecondFactor(actor=s.actor)
    ),
    "confirm a second factor": lambda s: s.identity.confirm_second_factor(
        ConfirmSecondFactor(actor=s.actor, code=s.code)
    ),
    "remove a second factor": lambda s: s.identity.remove_second_factor(
        RemoveSecondFactor(actor=s.actor)
    ),
    "renew recovery codes": lambda s: s.identity.renew_recovery_codes(
        RenewRecoveryCodes(actor=s.actor)
    ),
    "leave": lambda s: s.identity.delete_account(DeleteAccount(actor=s.actor)),
}
"""By what it is called; each would be done in its scene."""


async def a_scene(identity: Identity, name: str) -> Scene:
    """Set the scene for one of them."""
    user_id = await make(identity, Role.ADMIN, "ada@example.com")
    staff = await make(identity, Role.STAFF, "staff@example.com")
    role_id = await a_role(identity, "Old", "catalog:read")
    tokens, other = await identity.sign_in(), await identity.sign_in()
    actor = await identity.authenticate(tokens.access_token)
    elsewhere = (await identity.authenticate(other.access_token)).session_id
    assert actor.session_id is not None
    assert elsewhere is not None
    details = AddressDetails(address=SOMEWHERE)
    scene = Scene(
        identity=identity,
        actor=actor,
        session_id=actor.session_id,
        refresh_token=tokens.refresh_token,
        elsewhere=elsewhere,
        staff=staff,
        role_id=role_id,
        key_id=(await a_key(identity, await an_actor(identity), "catalog:read")).id,
        address_id=await identity.add_address(AddAddress(actor=actor, details=details)),
    )
    if name == "confirm a second factor":
        begun = await identity.begin_second_factor(BeginSecondFactor(actor=actor))
        scene.code = Authenticator(begun.secret).code(identity.clock.now())
    elif name in {"remove a second factor", "renew recovery codes"}:
        await with_second_factor(identity, user_id)
    return scene
