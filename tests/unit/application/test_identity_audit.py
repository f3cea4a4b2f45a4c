"""What the audit log says of accounts and sign-ins."""

import pytest
from tests.support.identity import PASSWORD, identity_in_memory

from ecommerce.application.identity.change_profile import ChangeProfile
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.logout import Logout
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.application.shared.audit import AuditRecord
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.errors import InvalidCredentialsError, TokenReplayedError
from ecommerce.domain.identity.user import Role

ADMIN_PASSWORD = "a long enough passphrase"


def told(record: AuditRecord) -> tuple[str, str, str | None, object]:
    return record.action, record.subject_type, record.subject_id, record.after


async def test_every_sign_in_is_written_down_whatever_became_of_it() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.sign_in()
    for email, password in (
        ("ada@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("no address", PASSWORD),
    ):
        with pytest.raises(InvalidCredentialsError):
            await identity.login(Login(email=email, password=password))
    store.committed.users[user_id].disabled = True
    with pytest.raises(InvalidCredentialsError):
        await identity.sign_in()

    created, started, *failed = store.committed.audit_records
    assert told(created) == ("user.created", "user", str(user_id), {"role": "customer"})
    (session,) = store.committed.sessions.values()
    assert told(started) == (
        "session.started",
        "session",
        str(session.id),
        {"user_id": str(user_id)},
    )
    assert started.principal == Principal("user", str(user_id))
    assert [told(record) for record in failed] == [
        ("sign_in.failed", "user", str(user_id), {"why": "wrong_password"}),
        ("sign_in.failed", "user", None, {"why": "unknown_address"}),
        ("sign_in.failed", "user", None, {"why": "unknown_address"}),
        ("sign_in.failed", "user", str(user_id), {"why": "disabled"}),
    ]
    assert "ada@example.com" not in repr(store.committed.audit_records)
    assert "nobody" not in repr(store.committed.audit_records)
    assert PASSWORD not in repr(store.committed.audit_records)


async def test_signing_out_and_a_replay_are_told_apart() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    first, second = await identity.sign_in(), await identity.sign_in()
    await identity.logout(Logout(refresh_token=first.refresh_token))
    await identity.logout(Logout(refresh_token=first.refresh_token))
    await identity.refresh(RefreshSession(refresh_token=second.refresh_token))
    with pytest.raises(TokenReplayedError):
        await identity.refresh(RefreshSession(refresh_token=second.refresh_token))

    ended = [r for r in store.committed.audit_records if r.action == "session.ended"]
    assert {record.subject_type for record in ended} == {"session"}
    assert [record.subject_id for record in ended] == [str(id_) for id_ in store.committed.sessions]
    assert [(record.principal, record.after) for record in ended] == [
        (
            Principal("user", str(user_id)),
            {"user_id": str(user_id), "reason": "logged_out"},
        ),
        (Principal("system"), {"user_id": str(user_id), "reason": "token_replayed"}),
    ]


async def test_what_becomes_of_an_admin_is_written_down() -> None:
    identity, store = identity_in_memory()
    await identity.open_account("ada@example.com")
    await identity.create_admin(CreateAdmin(email="ada@example.com", password=ADMIN_PASSWORD))
    await identity.create_admin(CreateAdmin(email="ada@example.com", password=ADMIN_PASSWORD))
    await identity.create_admin(CreateAdmin(email="bob@example.com", password=ADMIN_PASSWORD))
    ada, bob = store.committed.users.values()
    assert bob.created_at == bob.updated_at == ada.updated_at == identity.clock.instant
    assert [r.before for r in store.committed.audit_records if r.action == "user.changed"] == [
        {"role": "customer"}
    ]
    assert [told(record) for record in store.committed.audit_records] == [
        ("user.created", "user", str(ada.id), {"role": Role.CUSTOMER.value}),
        ("user.changed", "user", str(ada.id), {"role": Role.ADMIN.value}),
        ("user.password_changed", "user", str(ada.id), None),
        ("user.created", "user", str(bob.id), {"role": Role.ADMIN.value}),
    ]


async def test_a_changed_name_is_written_down_without_the_name() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.change_profile(
        ChangeProfile(actor=await identity.acting(user_id), full_name="Ada King")
    )
    record = store.committed.audit_records[-1]
    assert told(record) == (
        "user.profile_changed",
        "user",
        str(user_id),
        {"fields": ("full_name",)},
    )


async def test_what_changed_while_it_was_verified_is_tried_twice_and_written_down() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    verified = 0

    async def verify(password: str, password_hash: str | None) -> bool:
        nonlocal verified
        verified += 1
        store.committed.users[user_id].password_hash = f"v1:changed {verified} times"
        return True

    identity.hasher.verify = verify  # type: ignore[method-assign]
    with pytest.raises(InvalidCredentialsError):
        await identity.sign_in()
    assert verified == 2
    record = store.committed.audit_records[-1]
    assert told(record) == ("sign_in.failed", "user", None, {"why": "changed_meanwhile"})


async def test_an_account_that_went_while_its_password_was_verified_gets_no_session() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()

    async def verify(password: str, password_hash: str | None) -> bool:
        store.committed.users.pop(user_id, None)
        return password_hash is not None

    identity.hasher.verify = verify  # type: ignore[method-assign]
    with pytest.raises(InvalidCredentialsError):
        await identity.sign_in()
    assert not store.committed.sessions
