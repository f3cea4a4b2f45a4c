"""What is left after a use case, as whole values: records, letters, and what entities hold."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from tests.support.identity import START

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.shared.audit_facts import KeptFacts
from ecommerce.application.shared.mail import Mail
from ecommerce.application.shared.origin import Principal
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.identity.session import RefreshToken, Session
from ecommerce.domain.shared.ids import MailId, UserId

Told: TypeAlias = tuple[Principal, str, str, str | None, KeptFacts | None, KeptFacts | None]

THE_SHOP: Final = Principal("system")
NOT_YOU: Final = (
    "If that was not you, somebody else can get into your account: reset your password, and sign"
    " out all that you do not know."
)
_SOME_ID: Final = MailId(UUID(int=0))


def told(store: MemoryStore) -> list[Told]:
    """Who did what to what, from which facts to which, in order."""
    return [
        (r.principal, r.action, r.subject_type, r.subject_id, r.before, r.after)
        for r in store.committed.audit_records
    ]


def letters(store: MemoryStore) -> list[Mail]:
    """Every letter, but for the id that each has of its own."""
    return [replace(waiting.mail, id=_SOME_ID) for waiting in store.committed.mail.values()]


def notice(
    kind: str,
    subject: str,
    said: str,
    account: UserId | None,
    *,
    to: str = "ada@example.com",
    at: datetime = START,
) -> Mail:
    """A letter that only tells something."""
    return Mail(
        id=_SOME_ID,
        kind=kind,
        to=to,
        subject=f"Teapots & Co: {subject}",
        body=f"{said}\n",
        created_at=at,
        expires_at=at + timedelta(days=3),
        link=None,
        account=account,
    )


def held(entity: SecondFactor | LoginChallenge | Session | RefreshToken) -> dict[str, object]:
    """All that an entity holds, by name."""
    return {field.name: getattr(entity, field.name) for field in fields(entity)}
