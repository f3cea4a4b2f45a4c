"""What the audit log says of roles and API keys."""

from collections.abc import Iterable

from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.audit_facts import Facts
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.shared.ids import StaffRoleId, UserId


def role_facts(role: StaffRole) -> Facts:
    """A role, as far as it can change."""
    return {
        "name": role.name,
        "description": role.description,
        "permissions": tuple(sorted(role.permissions)),
    }


def role_made(role: StaffRole) -> AuditEntry:
    """A new role."""
    return AuditEntry(
        action="role.created", subject_type="role", subject_id=str(role.id), after=role_facts(role)
    )


def role_changed(role: StaffRole, before: Facts) -> AuditEntry:
    """Those who have it hold something else; what stayed is left out."""
    after = role_facts(role)
    names = [name for name in after if after[name] != before[name]]
    return AuditEntry(
        action="role.changed",
        subject_type="role",
        subject_id=str(role.id),
        before={name: before[name] for name in names},
        after={name: after[name] for name in names},
    )


def role_deleted(role: StaffRole) -> AuditEntry:
    """A role is gone."""
    return AuditEntry(
        action="role.deleted", subject_type="role", subject_id=str(role.id), before=role_facts(role)
    )


def roles_given(
    user_id: UserId, before: Iterable[StaffRoleId], after: Iterable[StaffRoleId] = ()
) -> AuditEntry:
    """Somebody has other roles, or none any more."""
    return AuditEntry(
        action="user.roles_given",
        subject_type="user",
        subject_id=str(user_id),
        before={"roles": tuple(sorted(before))},
        after={"roles": tuple(sorted(after))},
    )


def api_key_made(key: ApiKey) -> AuditEntry:
    """A new API key, without what it is sent as, nor what its maker calls it, which may be of
    somebody.
    """
    return AuditEntry(
        action="api_key.created",
        subject_type="api_key",
        subject_id=str(key.id),
        after={
            "start": key.start,
            "permissions": tuple(sorted(key.permissions)),
            "expires_at": key.expires_at,
        },
    )


def api_key_revoked(key: ApiKey, *, by_owner: bool = False) -> AuditEntry:
    """An API key was ended.

    ``by_owner``: who asked is not signed in, and showed otherwise that the account is theirs.
    """
    return AuditEntry(
        action="api_key.revoked",
        subject_type="api_key",
        subject_id=str(key.id),
        after={"user_id": key.user_id},
        by=Principal("user", str(key.user_id)) if by_owner else None,
    )
