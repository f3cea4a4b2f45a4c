"""What is left in the hands of somebody who was locked out, when they are let in again: nothing."""

from dataclasses import replace

import pytest
from tests.support.authority import a_key, an_actor, change, make
from tests.support.identity import Identity, identity_in_memory
from tests.support.letters import forget, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.access.create_api_key import CreatedApiKey
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.domain.identity.access_errors import ApiKeyEndedError
from ecommerce.domain.identity.errors import SessionEndedError, UnusableTokenError
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId

ANOTHER = "a long enough passphrase"


class Shop:
    """A boss, and somebody who works here and has a key."""

    identity: Identity
    store: MemoryStore
    boss: UserId
    ada: UserId
    key: CreatedApiKey

    async def change(self, *, role: Role | None = None, disabled: bool | None = None) -> None:
        command = ChangeUser(actor=await self.identity.acting(self.boss), user_id=self.ada)
        if role is not None:
            command = replace(command, role=role)
        if disabled is not None:
            command = replace(command, disabled=disabled)
        await self.identity.change_user(command)

    async def works(self) -> bool:
        try:
            await self.identity.authenticate(self.key.text)
        except ApiKeyEndedError:
            return False
        return True

    def revoked(self) -> list[tuple[str | None, object]]:
        records = self.store.committed.audit_records
        return [(r.subject_id, r.after) for r in records if r.action == "api_key.revoked"]

    def once(self) -> list[tuple[str | None, object]]:
        return [(str(self.key.id), {"user_id": str(self.ada)})]


@pytest.fixture
async def shop() -> Shop:
    shop = Shop()
    shop.identity, shop.store = identity_in_memory()
    shop.boss = await make(shop.identity, Role.ADMIN, "boss@example.com")
    shop.ada = await make(shop.identity, Role.ADMIN, "ada@example.com")
    actor = await an_actor(shop.identity, user_id=shop.ada)
    shop.key = await a_key(shop.identity, actor, "catalog:read")
    await change(shop.identity, shop.ada, role=Role.STAFF)
    assert await shop.works()
    return shop


async def test_disabling_revokes_every_key_and_enabling_brings_none_back(shop: Shop) -> None:
    await shop.change(disabled=True)
    assert (await shop.works(), shop.revoked()) == (False, shop.once())
    key = shop.store.committed.api_keys[shop.key.id]
    assert key.revoked_at == shop.identity.clock.now()
    assert shop.store.committed.audit_records[-1].action == "user.changed"
    await shop.change(disabled=False)
    assert (await shop.works(), shop.revoked()) == (False, shop.once())


async def test_no_key_outlasts_working_here(shop: Shop) -> None:
    await shop.change(role=Role.CUSTOMER)
    assert (await shop.works(), shop.revoked()) == (False, shop.once())
    await shop.change(role=Role.STAFF)
    assert (await shop.works(), shop.revoked()) == (False, shop.once())


async def test_another_role_of_those_who_work_here_leaves_the_keys(shop: Shop) -> None:
    for role in (Role.ADMIN, Role.STAFF):
        await shop.change(role=role)
        assert (await shop.works(), shop.revoked()) == (True, [])


@pytest.mark.parametrize("was", ["disabled", "customer"])
@pytest.mark.parametrize("again", ["by an admin", "by the operator"])
async def test_keys_of_before_there_was_this_rule_do_not_come_back(
    shop: Shop, was: str, again: str
) -> None:
    user = shop.store.committed.users[shop.ada]
    user.disabled, user.role = was == "disabled", Role.CUSTOMER if was == "customer" else user.role
    if again == "by the operator":
        await shop.identity.create_admin(CreateAdmin(email="ada@example.com"))
    else:
        await shop.change(disabled=False, role=Role.STAFF)
    assert (await shop.works(), shop.revoked()) == (False, shop.once())


async def test_the_operator_leaves_the_keys_of_who_works_here(shop: Shop) -> None:
    await shop.identity.create_admin(CreateAdmin(email="ada@example.com"))
    assert (await shop.works(), shop.revoked()) == (True, [])


async def test_nobody_elses_key_goes(shop: Shop) -> None:
    actor = await an_actor(shop.identity, user_id=shop.boss)
    other = await a_key(shop.identity, actor, "catalog:read")
    await shop.change(disabled=True)
    await shop.identity.authenticate(other.text)


async def test_no_key_is_made_for_who_was_disabled_meanwhile(shop: Shop) -> None:
    await shop.change(disabled=True)
    actor = await an_actor(shop.identity, user_id=shop.ada)
    with pytest.raises(SessionEndedError):
        await a_key(shop.identity, actor, "catalog:read")
    assert list(shop.store.committed.api_keys) == [shop.key.id]


async def test_links_of_before_are_worth_nothing_after(shop: Shop) -> None:
    await forget(shop.identity)
    to_reset = token_in(written(shop.store, "reset_password")[-1])
    to_verify = next(
        token_in(mail)
        for mail in written(shop.store, "verify_email")
        if mail.to == "ada@example.com"
    )
    boss = [t for t in shop.store.committed.mailed_tokens.values() if t.user_id == shop.boss]
    for disabled in (True, False):
        await shop.change(disabled=disabled)
        assert list(shop.store.committed.mailed_tokens.values()) == boss
        with pytest.raises(UnusableTokenError):
            await shop.identity.verify_email(VerifyEmail(token=to_verify))
        with pytest.raises(UnusableTokenError):
            await shop.identity.reset_password(ResetPassword(token=to_reset, password=ANOTHER))
    assert not shop.store.committed.users[shop.ada].email_verified
    await forget(shop.identity)
    again = token_in(written(shop.store, "reset_password")[-1])
    await shop.identity.reset_password(ResetPassword(token=again, password=ANOTHER))


async def test_no_address_is_verified_of_who_is_disabled(shop: Shop) -> None:
    token = token_in(written(shop.store, "verify_email")[-1])
    shop.store.committed.users[shop.ada].disabled = True
    with pytest.raises(UnusableTokenError):
        await shop.identity.verify_email(VerifyEmail(token=token))
    shop.store.committed.users[shop.ada].disabled = False
    await shop.identity.verify_email(VerifyEmail(token=token))
