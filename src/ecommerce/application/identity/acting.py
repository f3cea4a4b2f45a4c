"""Who acts, at the moment of what they do.

The gate lets a request in by what its caller was then. Until it writes, it may wait: for its body,
for a connection, for a row that somebody else has in hand. So every change to accounts, roles and
keys begins here: the caller's account and session are locked in the transaction that writes, and
looked at then. Whatever ends either locks it, too. It waits for what was begun before it, and
what is begun after it finds nobody to act: once it is answered, nothing is left to come.

The order of locks is one for all, so that nobody waits in a circle: accounts in the order of ids,
then a session, then its tokens, then roles in the order of ids, then whatever belongs to an
account.
"""

from collections.abc import Mapping
from typing import Protocol

from ecommerce.application.identity.ports import Sessions, Users
from ecommerce.application.shared.actor import Actor
from ecommerce.domain.identity.access_errors import ApiKeyNotAllowedError
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.ids import SessionId, UserId


class ActingTransaction(Protocol):
    """A transaction over accounts and their sessions."""

    @property
    def users(self) -> Users:
        """The accounts."""
        ...

    @property
    def sessions(self) -> Sessions:
        """The sign-ins."""
        ...


async def acting(transaction: ActingTransaction, actor: Actor) -> User:
    """Load the account of whoever acts, locked with the session they act in.

    Raises ``SessionEndedError`` where either was ended, and ``ApiKeyNotAllowedError`` for a
    machine: none of this is for them.
    """
    return await acting_in(transaction, actor.user_id, session_of(actor))


async def acting_in(transaction: ActingTransaction, user_id: UserId, session_id: SessionId) -> User:
    """Load an account that acts, locked with the session it acts in; refuses like ``acting``."""
    account = await transaction.users.in_session(user_id, session_id)
    if account is None:
        raise _over()
    return account


async def acting_on(
    transaction: ActingTransaction, actor: Actor, user_id: UserId
) -> Mapping[UserId, User]:
    """Load the account of whoever acts, another one where there is one, and all admins; refuses
    like ``acting``.
    """
    accounts = await transaction.users.with_admins({actor.user_id, user_id})
    session = await transaction.sessions.by_id(session_of(actor))
    account = accounts.get(actor.user_id)
    if account is None or account.disabled:
        raise _over()
    if session is None or session.ended_at is not None or session.user_id != account.id:
        raise _over()
    return accounts


def session_of(actor: Actor) -> SessionId:
    """In which session somebody acts; ``ApiKeyNotAllowedError`` for a machine."""
    if actor.session_id is None:
        raise ApiKeyNotAllowedError("This operation is for people who signed in.")
    return actor.session_id


def _over() -> SessionEndedError:
    return SessionEndedError("The session is over.")
