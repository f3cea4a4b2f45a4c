"""A mailed token that two requests bring at once, or whose account changes under it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.support.identity import PASSWORD, START, Identity, identity_in_memory
from tests.support.letters import forget, kinds, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.queries import TokenOwner
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.domain.identity.errors import UnusableTokenError
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId


def used(store: MemoryStore, _: UserId) -> None:
    """Another request has used it."""
    store.committed.mailed_tokens.clear()


def gone(store: MemoryStore, user_id: UserId) -> None:
    """The account is gone."""
    del store.committed.users[user_id]


def promoted(store: MemoryStore, user_id: UserId) -> None:
    """For its new role, another password might be too short."""
    store.committed.users[user_id].role = Role.STAFF


def meanwhile(
    identity: Identity,
    store: MemoryStore,
    user_id: UserId,
    happens: Callable[[MemoryStore, UserId], None],
) -> None:
    """Let it happen between the first look at a token and its use."""
    look = identity.queries.token_owner

    async def and_then(
        token_hash: bytes, purpose: TokenPurpose, now: datetime
    ) -> TokenOwner | None:
        owner = await look(token_hash, purpose, now)
        assert owner is not None
        happens(store, user_id)
        return owner

    identity.queries.token_owner = and_then  # type: ignore[method-assign]


async def with_both_tokens() -> tuple[Identity, MemoryStore, UserId, str, str]:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await forget(identity)
    to_verify, to_reset = (token_in(mail) for mail in written(store))
    return identity, store, user_id, to_verify, to_reset


@pytest.mark.parametrize("happens", [used, gone])
async def test_an_address_is_verified_by_one_request_and_for_an_account_that_is_there(
    happens: Callable[[MemoryStore, UserId], None],
) -> None:
    identity, store, user_id, token, _ = await with_both_tokens()
    meanwhile(identity, store, user_id, happens)
    with pytest.raises(UnusableTokenError):
        await identity.verify_email(VerifyEmail(token=token))
    assert not any(user.email_verified for user in store.committed.users.values())
    assert kinds(store) == ["verify_email", "reset_password"]


@pytest.mark.parametrize("happens", [used, gone, promoted])
async def test_a_password_is_reset_by_one_request_and_for_an_account_that_is_as_it_was(
    happens: Callable[[MemoryStore, UserId], None],
) -> None:
    identity, store, user_id, _, token = await with_both_tokens()
    meanwhile(identity, store, user_id, happens)
    with pytest.raises(UnusableTokenError):
        await identity.reset_password(ResetPassword(token=token, password="8 chars."))
    hashes = {user.password_hash for user in store.committed.users.values()}
    assert hashes <= {f"v1:{PASSWORD}"}
    assert kinds(store) == ["verify_email", "reset_password"]


async def test_a_verified_address_is_a_new_version_of_the_account() -> None:
    identity, store, user_id, token, _ = await with_both_tokens()
    identity.clock.move(timedelta(hours=1))
    await identity.verify_email(VerifyEmail(token=token))
    user = store.committed.users[user_id]
    assert (user.version, user.created_at, user.updated_at) == (
        2,
        START,
        START + timedelta(hours=1),
    )
