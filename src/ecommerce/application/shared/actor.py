"""Who is asking."""

from dataclasses import dataclass

from ecommerce.domain.shared.ids import ApiKeyId, SessionId, UserId


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller who is known, with what they may do at this moment: somebody who signed in, or a
    machine with an API key that somebody made.
    """

    user_id: UserId
    session_id: SessionId | None
    role: str
    permissions: frozenset[str]
    api_key_id: ApiKeyId | None = None
    proved: bool = False
    """Whether the session's owner proved a little while ago who they are."""

    has_second_factor: bool = False
    """Whether a code is what proves it, and not the password."""

    lacks_second_factor: bool = False
    """Whether the shop wants a second factor of them and they have none."""

    short_password: bool = False
    """Whether they work here with a password alone, and one that is too short for that."""

    def may(self, permission: str) -> bool:
        """Whether the caller holds a permission."""
        return permission in self.permissions

    @property
    def principal(self) -> str:
        """What tells callers apart: a key is not the account that made it."""
        return str(self.user_id) if self.api_key_id is None else f"api_key:{self.api_key_id}"
