"""What the audit log says of second factors and of proofs."""

from typing import Literal, TypeAlias

from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.session import Session
from ecommerce.domain.shared.ids import UserId

Event: TypeAlias = Literal["set", "removed", "recovery_code_used", "recovery_codes_renewed"]


def second_factor(event: Event, user_id: UserId, *, by_owner: bool = True) -> AuditEntry:
    """Something happened to an account's second factor, by its owner if not said otherwise."""
    return AuditEntry(
        action=f"second_factor.{event}",
        subject_type="user",
        subject_id=str(user_id),
        by=Principal("user", str(user_id)) if by_owner else None,
    )


def code_wanted(user_id: UserId) -> AuditEntry:
    """Somebody gave the right password, which is not enough to be signed in, nor shows whose hands
    it is in.
    """
    return AuditEntry(action="sign_in.code_wanted", subject_type="user", subject_id=str(user_id))


def code_refused(user_id: UserId) -> AuditEntry:
    """Somebody who knows the password sent a wrong code, and could not sign in."""
    return AuditEntry(
        action="sign_in.failed",
        subject_type="user",
        subject_id=str(user_id),
        after={"why": "wrong_code"},
    )


def step_up_refused(session: Session) -> AuditEntry:
    """Somebody who has a session's token could not prove whose it is."""
    return AuditEntry(
        action="step_up.refused",
        subject_type="session",
        subject_id=str(session.id),
        after={"user_id": session.user_id, "ended": session.ended_at is not None},
    )


def step_up_passed(session: Session) -> AuditEntry:
    """The owner of a session proved again who they are: what is dangerous is open for a while."""
    return AuditEntry(
        action="step_up.passed",
        subject_type="session",
        subject_id=str(session.id),
        after={"user_id": session.user_id},
    )
