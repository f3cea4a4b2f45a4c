"""What the audit log says of accounts and sign-ins: ids, roles and reasons, nothing personal."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal, TypeAlias

from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.audit_facts import Facts
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.session import EndReason, Session
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import UserId

WhyNot: TypeAlias = Literal["unknown_address", "wrong_password", "disabled", "changed_meanwhile"]
"""Why somebody could not sign in; the answer tells nobody."""


def of_account(
    action: str,
    user_id: UserId,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
    by_owner: bool = False,
) -> AuditEntry:
    """Something done to an account.

    ``by_owner``: who asked is not signed in, and showed otherwise that the account is theirs.
    """
    return AuditEntry(
        action=f"user.{action}",
        subject_type="user",
        subject_id=str(user_id),
        before=before,
        after=after,
        by=Principal("user", str(user_id)) if by_owner else None,
    )


def user_created(user: User) -> AuditEntry:
    """A new account."""
    return AuditEntry.created("user", user.id, {"role": user.role})


def profile_changed(user: User, *names: str) -> AuditEntry:
    """What an account says of its owner is otherwise: which fields, not what they say."""
    return AuditEntry(
        action="user.profile_changed",
        subject_type="user",
        subject_id=str(user.id),
        after={"fields": names},
    )


def role_changed(user: User, before: Role) -> AuditEntry:
    """An account is something else in the shop."""
    return AuditEntry.changed("user", user.id, {"role": before}, {"role": user.role})


def enabled_again(user: User) -> AuditEntry:
    """Somebody may sign in again."""
    return AuditEntry.changed("user", user.id, {"disabled": True}, {"disabled": user.disabled})


def password_changed(user: User) -> AuditEntry:
    """An account has another password."""
    return AuditEntry(action="user.password_changed", subject_type="user", subject_id=str(user.id))


def password_change_refused(user_id: UserId) -> AuditEntry:
    """Somebody who is signed in did not know the present password."""
    return of_account("password_change_refused", user_id)


def session_started(session: Session) -> AuditEntry:
    """Somebody signed in."""
    return AuditEntry(
        action="session.started",
        subject_type="session",
        subject_id=str(session.id),
        after={"user_id": session.user_id},
        by=_owner(session),
    )


def sign_in_failed(user_id: UserId | None, why: WhyNot) -> AuditEntry:
    """Somebody could not sign in; without an account, nothing is said of the address."""
    return AuditEntry(
        action="sign_in.failed",
        subject_type="user",
        subject_id=None if user_id is None else str(user_id),
        after={"why": why},
    )


def sign_ins_failed(failures: Mapping[tuple[UserId | None, WhyNot], int]) -> AuditEntry:
    """Many more could not sign in: how many, why, and at which accounts most often."""
    whys: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for (user_id, why), times in failures.items():
        whys[why] += times
        if user_id is not None:
            accounts[str(user_id)] += times
    return AuditEntry(
        action="sign_in.more_failed",
        subject_type="user",
        after={
            "count": whys.total(),
            "why": tuple(f"{why}: {times}" for why, times in whys.most_common()),
            "accounts": tuple(f"{user}: {times}" for user, times in accounts.most_common()),
        },
    )


def session_ended(session: Session, reason: EndReason) -> AuditEntry:
    """A sign-in is over: its owner ended it, or a token came twice, and nobody knows from whom."""
    return AuditEntry(
        action="session.ended",
        subject_type="session",
        subject_id=str(session.id),
        after={"user_id": session.user_id, "reason": reason},
        by=_owner(session) if reason is EndReason.LOGGED_OUT else None,
    )


def _owner(session: Session) -> Principal:
    return Principal("user", str(session.user_id))
