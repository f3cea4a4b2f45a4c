"""What the descriptions of all tables share."""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP

metadata: Final = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

Instant: Final = TIMESTAMP(timezone=True, precision=3)
Folded: Final = sa.Text(collation="C")
"""Text that is compared by code point, whatever the database's locale."""

OFTEN_CLEANED: Final[Mapping[str, str]] = {"autovacuum_vacuum_scale_factor": "0.05"}
OFTEN_LOOKED_AT: Final[Mapping[str, str]] = {
    **OFTEN_CLEANED,
    "autovacuum_analyze_scale_factor": "0.02",
}
WALKED: Final[Mapping[str, str]] = {
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
}
"""A fifth of a million rows, PostgreSQL's default, is too much to leave lying about in what every
listing walks.
"""

EMPTIED: Final[Mapping[str, str]] = {
    "autovacuum_vacuum_scale_factor": "0",
    "autovacuum_vacuum_threshold": "2000",
    "autovacuum_analyze_scale_factor": "0",
    "autovacuum_analyze_threshold": "5000",
}
"""For what is filled and emptied all day and is never large."""
