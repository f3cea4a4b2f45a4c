"""Reads of synonyms and pins from PostgreSQL, one statement each."""

from typing import Final

from ecommerce.adapters.postgres.database import Database, Row
from ecommerce.adapters.postgres.keyset import rows_and_total, walk_of
from ecommerce.adapters.postgres.merchandising_query_statements import (
    PIN,
    SYNONYM_GROUP,
    pins_statement,
    synonym_groups_statement,
)
from ecommerce.application.merchandising.queries import PinView, SynonymGroupView
from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.shared.ids import PinId, SynonymGroupId
from ecommerce.domain.shared.text import sort_key


class PostgresMerchandisingQueries:
    """Synonyms and pins in the order of ids."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def synonym_groups(self, term: str | None, page: PageRequest) -> Page[SynonymGroupView]:
        """Walk the primary key, or find the group by the folded term."""
        statement = synonym_groups_statement(
            term is not None, walk_of(page.position), page.limit, page.include_total
        )
        values = _values_at(page)
        if term is not None:
            values["term_key"] = sort_key(term)
        rows, total = rows_and_total(await self._database.all(statement, values), page)
        part = cut(rows, page, lambda row: (None, row[0]))
        return Page(tuple(map(_group_of, part.rows)), part.next, part.previous, total)

    async def synonym_group(self, group_id: SynonymGroupId) -> SynonymGroupView | None:
        """Look up by id."""
        row = await self._database.one(SYNONYM_GROUP, {"id": group_id})
        return None if row is None else _group_of(row)

    async def pins(self, page: PageRequest) -> Page[PinView]:
        """Walk the primary key."""
        statement = pins_statement(walk_of(page.position), page.limit, page.include_total)
        found = await self._database.all(statement, _values_at(page))
        rows, total = rows_and_total(found, page)
        part = cut(rows, page, lambda row: (None, row[0]))
        return Page(tuple(map(_pin_of, part.rows)), part.next, part.previous, total)

    async def pin(self, pin_id: PinId) -> PinView | None:
        """Look up by id."""
        row = await self._database.one(PIN, {"id": pin_id})
        return None if row is None else _pin_of(row)


def _values_at(page: PageRequest) -> dict[str, object]:
    return {} if page.position is None else {"at_id": page.position.id}


def _group_of(row: Row) -> SynonymGroupView:
    return SynonymGroupView(
        id=row[0], terms=tuple(row[1]), created_at=row[2], updated_at=row[3], version=row[4]
    )


def _pin_of(row: Row) -> PinView:
    return PinView(
        id=row[0],
        query=row[1],
        category_id=row[2],
        product_ids=tuple(row[3]),
        created_at=row[4],
        updated_at=row[5],
        version=row[6],
    )
