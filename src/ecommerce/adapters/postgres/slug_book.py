"""Slugs that are taken: those in use, and those that still lead to what had them once."""

import hashlib
import re
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_all
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.slugs import Slug, SlugTakenError

_NUMBERS: Final = re.compile(r"(?:-[0-9]+)+$")
_TRIED_FIRST: Final = range(2, 11)
_TRIED_NEXT: Final = tuple(10 * 2**n for n in range(1, 24))
_BETWEEN: Final = 32
_LOCK: Final = Statement(
    sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("key", type_=sa.BigInteger)))
)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


class SlugBook:
    """Takes and frees slugs of one kind of thing.

    Whoever writes a slug holds the advisory lock of its stem (the slug without the numbers at its
    end), which all the numbered slugs of one name share: so a free slug stays free until its finder
    has it, and no slug is taken while it becomes somebody's old one.
    """

    def __init__(self, things: sa.Table, former: sa.Table, owner: str) -> None:
        self._kind: Final = things.name
        slugs = sa.bindparam("slugs", type_=ARRAY(sa.Text))
        slug, owner_id = sa.bindparam("slug", type_=sa.Text), sa.bindparam("id", type_=sa.Uuid)
        self._owners: Final = Statement(
            sa.union_all(
                sa.select(things.c.slug, things.c.id).where(things.c.slug == sa.any_(slugs)),
                sa.select(former.c.slug, former.c[owner]).where(former.c.slug == sa.any_(slugs)),
            )
        )
        self._forget: Final = Statement(
            sa.delete(former).where(former.c.slug == slug, former.c[owner] == owner_id)
        )
        self._remember: Final = Statement(
            sa.insert(former).values({former.c.slug: slug, former.c[owner]: owner_id})
        )

    async def free(self, connection: Connection, base: str) -> Slug:
        """Find a free slug: ``base`` or one with a number, the first unless very many are taken."""
        await self._hold(connection, base)
        numbers = (1, *_TRIED_FIRST, *_TRIED_NEXT)
        taken = await self._taken(connection, base, numbers)
        free = next(n for n in numbers if n not in taken)
        last_taken = max((n for n in numbers if n < free), default=0)
        while free - last_taken > 1:
            step = max(1, (free - last_taken) // _BETWEEN)
            between = tuple(range(last_taken + step, free, step))
            taken = await self._taken(connection, base, between)
            free = next((n for n in between if n not in taken), free)
            last_taken = max((n for n in between if n < free), default=last_taken)
        return Slug(_numbered(base, free))

    async def take(
        self, connection: Connection, owner_id: UUID, slug: Slug, former: Slug | None = None
    ) -> None:
        """Make sure that a slug is nobody else's before its owner takes it, and let the one it had
        until now still find it. Raises ``SlugTakenError``.
        """
        await self._hold(connection, slug.value, *([former.value] if former else []))
        rows = await fetch_all(connection, self._owners, {"slugs": [slug.value]})
        if any(row[1] != owner_id for row in rows):
            raise SlugTakenError(
                f"The slug {slug.value!r} is taken.", Violation("/slug", "is taken.")
            )
        if rows:
            await execute(connection, self._forget, {"slug": slug.value, "id": owner_id})
        if former is not None:
            await execute(connection, self._remember, {"slug": former.value, "id": owner_id})

    async def _hold(self, connection: Connection, *slugs: str) -> None:
        stems = {f"{self._kind}:{_NUMBERS.sub('', slug)}" for slug in slugs}
        keys = (hashlib.sha256(stem.encode()).digest()[:8] for stem in stems)
        for key in sorted(int.from_bytes(key, "big", signed=True) for key in keys):
            await execute(connection, _LOCK, {"key": key})

    async def _taken(self, connection: Connection, base: str, numbers: tuple[int, ...]) -> set[int]:
        slugs = {_numbered(base, number): number for number in numbers}
        rows = await fetch_all(connection, self._owners, {"slugs": list(slugs)})
        return {slugs[row[0]] for row in rows}
