"""Groups of synonyms in PostgreSQL."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.constraints import domain_errors
from ecommerce.adapters.postgres.database import (
    Connection,
    Parameters,
    Statement,
    execute,
    execute_many,
    fetch_all,
    fetch_one,
)
from ecommerce.domain.merchandising.errors import SynonymGroupNotFoundError, SynonymTakenError
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import SynonymGroupId

_group, _term = t.synonym_group, t.synonym_term
_id: Final = sa.bindparam("id", type_=sa.Uuid)
_group_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in _group.c}
_term_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in _term.c}

_LOCK: Final = Statement(
    sa.select(_group.c.id, _group.c.version, _group.c.created_at, _group.c.updated_at)
    .where(_group.c.id == _id)
    .with_for_update(key_share=True)
)
_TERMS: Final = Statement(
    sa.select(_term.c.term).where(_term.c.group_id == _id).order_by(_term.c.position)
)
_LOCK_TERMS: Final = Statement(
    sa.select(_term.c.term_key, _term.c.group_id)
    .where(
        sa.or_(
            _term.c.group_id == _id,
            _term.c.term_key == sa.any_(sa.bindparam("keys", type_=ARRAY(sa.Text))),
        )
    )
    .order_by(_term.c.term_key)
    .with_for_update()
)
_INSERT: Final = Statement(sa.insert(_group).values(_group_values))
_UPDATE: Final = Statement(
    sa.update(_group)
    .where(_group.c.id == _id)
    .values({k: v for k, v in _group_values.items() if k not in {"id", "created_at"}})
)
_INSERT_TERM: Final = Statement(sa.insert(_term).values(_term_values))
_REMOVE_TERMS: Final = Statement(sa.delete(_term).where(_term.c.group_id == _id))
_REMOVE: Final = Statement(sa.delete(_group).where(_group.c.id == _id))


def _row(group: SynonymGroup) -> Parameters:
    return {
        "id": group.id,
        "version": group.version,
        "created_at": group.created_at,
        "updated_at": group.updated_at,
    }


class PostgresSynonyms:
    """Groups with a row for each term.

    Writers lock the terms they have and those they want in the order of keys, then insert in that
    order, so that two who want each other's terms never wait in a ring.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def get(self, group_id: SynonymGroupId) -> SynonymGroup:
        """Lock the group's row, then read its terms: whoever changes those has the lock."""
        row = await fetch_one(self._connection, _LOCK, {"id": group_id})
        if row is None:
            raise SynonymGroupNotFoundError(f"There is no group of synonyms {group_id}.")
        terms = await fetch_all(self._connection, _TERMS, {"id": group_id})
        id_, version, created_at, updated_at = row
        return SynonymGroup(
            id=id_,
            terms=tuple(term for (term,) in terms),
            version=version,
            created_at=created_at,
            updated_at=updated_at,
        )

    async def add(self, group: SynonymGroup) -> None:
        """Insert the group and its terms."""
        with domain_errors():
            await self._take_terms(group)
            await execute(self._connection, _INSERT, _row(group))
            await self._insert_terms(group)

    async def save(self, group: SynonymGroup) -> None:
        """Update the group and put its terms in the place of those it had."""
        with domain_errors():
            await self._take_terms(group)
            await execute(self._connection, _UPDATE, _row(group))
            await execute(self._connection, _REMOVE_TERMS, {"id": group.id})
            await self._insert_terms(group)

    async def remove(self, group: SynonymGroup) -> None:
        """Delete the group with its terms."""
        await self._take_terms(group)
        await execute(self._connection, _REMOVE, {"id": group.id})

    async def _take_terms(self, group: SynonymGroup) -> None:
        keys = group.keys
        wanted = {"id": group.id, "keys": list(keys)}
        rows = await fetch_all(self._connection, _LOCK_TERMS, wanted)
        taken = {key for key, owner in rows if owner != group.id}
        if taken:
            raise SynonymTakenError(
                "A term stands in another group.",
                *(
                    Violation(f"/terms/{place}", "stands in another group.")
                    for place, key in enumerate(keys)
                    if key in taken
                ),
            )

    async def _insert_terms(self, group: SynonymGroup) -> None:
        rows = [
            {"group_id": group.id, "position": place, "term": term, "term_key": key}
            for place, (term, key) in enumerate(zip(group.terms, group.keys, strict=True))
        ]
        rows.sort(key=lambda row: str(row["term_key"]))
        await execute_many(self._connection, _INSERT_TERM, rows)
