"""What is written down of what is done to accounts, as whole records, and whose letters follow."""

from uuid import UUID

import pytest
from tests.support.clocks import SCRIBE
from tests.support.goods import NOON
from tests.support.identity import PASSWORD, Identity, identity_in_memory
from tests.support.letters import forget, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.ask_password_reset import AskPasswordReset
from ecommerce.application.identity.audited import sign_ins_failed
from ecommerce.application.identity.change_password import ChangePassword
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.identity.end_session import EndSession
from ecommerce.application.identity.refresh_session import RefreshSession
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.application.shared.audit import AuditRecord
from ecommerce.application.shared.origin import THE_SHOP, Principal
from ecommerce.domain.identity.errors import TokenReplayedError
from ecommerce.domain.shared.ids import SessionId, UserId

ANOTHER = "patterns of algebra"


def a_record(
    like: AuditRecord,
    action: str,
    subject_id: UUID | None,
    *,
    subject_type: str = "user",
    after: dict[str, object] | None = None,
    by: Principal = THE_SHOP.principal,
) -> AuditRecord:
    """What the record should be; its own id is all that is taken from it."""
    return AuditRecord(
        id=like.id,
        at=NOON,
        principal=by,
        action=action,
        subject_type=subject_type,
        subject_id=None if subject_id is None else str(subject_id),
        before=None,
        after=after,  # type: ignore[arg-type]
        request_id=None,
        client=None,
    )


def last(store: MemoryStore) -> AuditRecord:
    return store.committed.audit_records[-1]


async def signed_in(identity: Identity, store: MemoryStore) -> tuple[UserId, SessionId]:
    user_id = await identity.open_account()
    await identity.sign_in()
    (session,) = store.committed.sessions.values()
    return user_id, session.id


async def test_a_verified_address_is_the_owners_doing_who_showed_it_by_the_token() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    (mail,) = written(store, "verify_email")
    await identity.verify_email(VerifyEmail(token=token_in(mail)))
    record = last(store)
    assert record == a_record(
        record, "user.email_verified", user_id, by=Principal("user", str(user_id))
    )


async def test_mailing_a_link_is_the_shops_doing_and_using_it_the_owners() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await forget(identity)
    record = last(store)
    assert record == a_record(record, "user.reset_mailed", user_id)
    (mail,) = written(store, "reset_password")
    await identity.reset_password(ResetPassword(token=token_in(mail), password=ANOTHER))
    record = last(store)
    assert record == a_record(
        record, "user.password_reset", user_id, by=Principal("user", str(user_id))
    )


async def test_one_request_for_a_link_is_answered_at_a_time() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    for email in ("ada@example.com", "nobody@example.com"):
        await identity.ask_password_reset(AskPasswordReset(email=email))
    assert [r.asked_at for r in store.committed.reset_requests.values()] == [
        identity.clock.now()
    ] * 2
    answered = [await identity.answer_reset_request() for _ in range(3)]
    assert answered == [True, True, False]
    assert not store.committed.reset_requests


async def test_who_left_is_written_down_by_number() -> None:
    identity, store = identity_in_memory()
    user_id = await identity.open_account()
    await identity.delete_account(DeleteAccount(actor=await identity.acting(user_id)))
    record = last(store)
    assert record == a_record(record, "user.deleted", user_id)


async def test_a_session_that_its_owner_ended_elsewhere_says_so() -> None:
    identity, store = identity_in_memory()
    user_id, session_id = await signed_in(identity, store)
    await identity.end_session(
        EndSession(actor=await identity.acting(user_id), session_id=session_id)
    )
    record = last(store)
    assert record == a_record(
        record,
        "session.ended",
        session_id,
        subject_type="session",
        after={"user_id": str(user_id), "reason": "signed_out_by_owner"},
    )


def test_many_failed_sign_ins_are_one_record_about_accounts() -> None:
    ada, eve = UserId(UUID(int=1)), UserId(UUID(int=2))
    (record,) = SCRIBE(
        [
            sign_ins_failed(
                {
                    (ada, "wrong_password"): 2,
                    (eve, "wrong_password"): 4,
                    (ada, "disabled"): 3,
                    (None, "unknown_address"): 5,
                }
            )
        ]
    )
    assert record == a_record(
        record,
        "sign_in.more_failed",
        None,
        after={
            "count": 14,
            "why": ("wrong_password: 6", "unknown_address: 5", "disabled: 3"),
            "accounts": (f"{ada}: 5", f"{eve}: 4"),
        },
    )


async def test_every_notice_belongs_to_its_account_so_that_it_goes_when_that_goes() -> None:
    identity, store = identity_in_memory()
    user_id, session_id = await signed_in(identity, store)
    (mail,) = written(store, "verify_email")
    await identity.verify_email(VerifyEmail(token=token_in(mail)))
    await identity.change_password(
        ChangePassword(
            user_id=user_id,
            session_id=session_id,
            current_password=PASSWORD,
            new_password=ANOTHER,
        )
    )
    await identity.create_admin(CreateAdmin(email="ada@example.com", password=PASSWORD))
    tokens = await identity.sign_in()
    await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    with pytest.raises(TokenReplayedError):
        await identity.refresh(RefreshSession(refresh_token=tokens.refresh_token))
    await forget(identity)
    reset = token_in(written(store, "reset_password")[0])
    await identity.reset_password(ResetPassword(token=reset, password=f"more {ANOTHER}"))
    assert [(mail.kind, mail.to, mail.account) for mail in written(store)] == [
        (kind, "ada@example.com", user_id)
        for kind in (
            "verify_email",
            "email_verified",
            "password_changed",
            "password_changed",
            "session_replayed",
            "reset_password",
            "password_changed",
        )
    ]
