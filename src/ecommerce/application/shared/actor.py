"""Who is asking."""

from dataclasses import dataclass

from ecommerce.domain.shared.ids import SessionId, UserId


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in caller, with what they may do at this moment."""

    user_id: UserId
    session_id: SessionId
    role: str
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Whether the caller holds a permission."""
        return permission in self.permissions
