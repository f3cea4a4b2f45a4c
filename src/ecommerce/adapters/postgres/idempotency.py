"""Idempotency records in PostgreSQL, claimed by advisory lock so that nobody waits."""

import hashlib
from typing import Final

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import BYTEA

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_one
from ecommerce.application.shared.idempotency import (
    IdempotencyClaim,
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
    StoredAnswer,
)

_record = t.idempotency_record

_CLAIM: Final = Statement(
    sa.select(sa.func.pg_try_advisory_xact_lock(sa.bindparam("lock", type_=sa.BigInteger)))
)
_FIND: Final = Statement(
    sa.select(_record.c.fingerprint, _record.c.status, _record.c.headers, _record.c.body).where(
        _record.c.claim_hash == sa.bindparam("claim_hash", type_=BYTEA)
    )
)
_REMEMBER: Final = Statement(
    sa.insert(_record).values(
        {
            name: sa.bindparam(name, type_=_record.c[name].type)
            for name in ("claim_hash", "fingerprint", "status", "headers", "body")
        }
    )
)


def _hash(claim: IdempotencyClaim) -> bytes:
    text = f"{claim.principal}\0{claim.route}\0{claim.key}"
    return hashlib.sha256(text.encode()).digest()


class PostgresIdempotencyRecords:
    """Answers stored in the transaction of their effects."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def claim(self, claim: IdempotencyClaim) -> StoredAnswer | None:
        """Try the claim's advisory lock, then look for an answer: in that order, since the
        holder's answer is visible once its lock is free.
        """
        claim_hash = _hash(claim)
        lock = int.from_bytes(claim_hash[:8], "big", signed=True)
        taken = await fetch_one(self._connection, _CLAIM, {"lock": lock})
        if taken is None or not taken[0]:
            raise IdempotencyInProgressError(
                "A request with this Idempotency-Key is still being worked on."
            )
        row = await fetch_one(self._connection, _FIND, {"claim_hash": claim_hash})
        if row is None:
            return None
        fingerprint, status, headers, body = row
        if fingerprint != claim.fingerprint:
            raise IdempotencyKeyReusedError(
                "This Idempotency-Key came with another request before."
            )
        return StoredAnswer(
            status=status, headers=tuple((name, value) for name, value in headers), body=body
        )

    async def remember(self, claim: IdempotencyClaim, answer: StoredAnswer) -> None:
        """Insert the record."""
        await execute(
            self._connection,
            _REMEMBER,
            {
                "claim_hash": _hash(claim),
                "fingerprint": claim.fingerprint,
                "status": answer.status,
                "headers": Jsonb([list(header) for header in answer.headers]),
                "body": answer.body,
            },
        )
