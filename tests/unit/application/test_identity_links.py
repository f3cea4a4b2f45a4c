"""Links that were mailed: nobody takes one away by asking for another, nor floods anybody."""

from datetime import timedelta

import pytest
from tests.support.identity import START, Identity, identity_in_memory
from tests.support.letters import forget, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.resend_verification import ResendVerification
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.domain.identity.errors import UnusableTokenError
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.shared.ids import UserId

ANOTHER = "patterns of algebra"
MINUTE = timedelta(minutes=1)


async def opened() -> tuple[Identity, MemoryStore, UserId]:
    identity, store = identity_in_memory()
    return identity, store, await identity.open_account()


def links(store: MemoryStore, kind: str = "reset_password") -> list[str]:
    return [token_in(mail) for mail in written(store, kind)]


async def use(identity: Identity, token: str, password: str = ANOTHER) -> None:
    await identity.reset_password(ResetPassword(token=token, password=password))


async def asked_for(identity: Identity, *after: int) -> None:
    """Ask so many minutes after the start, each time."""
    for minutes in after:
        identity.clock.instant = START + minutes * MINUTE
        await forget(identity)


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_each_link_works_until_its_end_and_one_for_all(which: int) -> None:
    identity, store, _ = await opened()
    await asked_for(identity, 0, 2, 4)
    assert len(set(links(store))) == 3
    await use(identity, links(store)[which])
    await identity.sign_in(password=ANOTHER)
    left = [token.purpose for token in store.committed.mailed_tokens.values()]
    assert left == [TokenPurpose.VERIFY_EMAIL]
    for token in links(store):
        with pytest.raises(UnusableTokenError):
            await use(identity, token, "a third password")


async def test_a_later_link_does_not_make_an_earlier_one_last_longer() -> None:
    identity, store, _ = await opened()
    await asked_for(identity, 0, 29)
    identity.clock.instant = START + 30 * MINUTE
    first, second = links(store)
    with pytest.raises(UnusableTokenError):
        await use(identity, first)
    await use(identity, second)


async def test_no_letter_follows_another_within_two_minutes() -> None:
    identity, store, user_id = await opened()
    await asked_for(identity, 0, 0, 1)
    assert len(links(store)) == 1
    mailed = [r for r in store.committed.audit_records if r.action == "user.reset_mailed"]
    assert [record.subject_id for record in mailed] == [str(user_id)]
    assert not store.committed.reset_requests
    await asked_for(identity, 2)
    assert len(links(store)) == 2


async def test_three_links_are_good_at_once_and_an_hour_of_asking_brings_no_more_than_six() -> None:
    identity, store, _ = await opened()
    await asked_for(identity, *range(30))
    assert len(links(store)) == 3
    await asked_for(identity, *range(30, 60))
    assert len(links(store)) == 6


async def test_whoever_asks_in_a_flood_has_a_link_that_works() -> None:
    identity, store, _ = await opened()
    for minutes in range(90):
        await asked_for(identity, minutes)
        token_hashes = {identity.secrets.hash(token) for token in links(store)}
        good = [
            token
            for token in store.committed.mailed_tokens.values()
            if token.token_hash in token_hashes and identity.clock.now() < token.expires_at
        ]
        assert good, minutes


async def test_the_limit_is_each_accounts_own() -> None:
    identity, store, _ = await opened()
    await identity.open_account("kate@example.com")
    await asked_for(identity, 0, 2, 4, 6)
    await forget(identity, "kate@example.com")
    assert [mail.to for mail in written(store, "reset_password")] == [
        *["ada@example.com"] * 3,
        "kate@example.com",
    ]


async def test_confirming_takes_any_of_the_letters_once() -> None:
    identity, store, user_id = await opened()
    await identity.resend_verification(ResendVerification(actor=await identity.acting(user_id)))
    first, second = links(store, "verify_email")
    await identity.verify_email(VerifyEmail(token=first))
    assert store.committed.users[user_id].email_verified
    assert not store.committed.mailed_tokens
    for token in (first, second):
        with pytest.raises(UnusableTokenError):
            await identity.verify_email(VerifyEmail(token=token))


async def test_five_letters_to_confirm_an_address_a_day() -> None:
    identity, store, user_id = await opened()
    for _ in range(10):
        await identity.resend_verification(ResendVerification(actor=await identity.acting(user_id)))
    assert len(links(store, "verify_email")) == 5
    identity.clock.move(timedelta(hours=24))
    await identity.resend_verification(ResendVerification(actor=await identity.acting(user_id)))
    assert len(links(store, "verify_email")) == 6
