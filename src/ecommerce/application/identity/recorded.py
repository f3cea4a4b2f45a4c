"""How the audit log tells of accounts."""

from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.audit_facts import Facts
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.shared.ids import UserId


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
        action=f"account.{action}",
        subject_type="account",
        subject_id=str(user_id),
        before=before,
        after=after,
        by=Principal("user", str(user_id)) if by_owner else None,
    )
