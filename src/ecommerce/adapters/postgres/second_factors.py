"""Second factors and the challenges before them, in PostgreSQL."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_one
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.domain.identity.login_challenge import LoginChallenge
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.shared.ids import UserId

_factor = t.second_factor
_challenge = t.login_challenge

_OF: Final = Statement(
    sa.select(
        _factor.c.sealed_secret,
        _factor.c.created_at,
        _factor.c.confirmed_at,
        _factor.c.last_step,
        _factor.c.recovery_hashes,
        _factor.c.failures,
        _factor.c.failed_at,
        _factor.c.step_up_failures,
        _factor.c.step_up_failed_at,
    )
    .where(_factor.c.user_id == bound(_factor.c.user_id))
    .with_for_update()
)
_values: Final = {c.name: bound(c) for c in _factor.c}
_PUT: Final = Statement(
    insert(_factor)
    .values(_values)
    .on_conflict_do_update(
        index_elements=[_factor.c.user_id],
        set_={name: value for name, value in _values.items() if name != "user_id"},
    )
)
_REMOVE: Final = Statement(sa.delete(_factor).where(_factor.c.user_id == bound(_factor.c.user_id)))
_ADD_CHALLENGE: Final = insert_whole(_challenge)
_BY_TOKEN: Final = Statement(
    sa.select(
        _challenge.c.user_id,
        _challenge.c.user_version,
        _challenge.c.created_at,
        _challenge.c.expires_at,
        _challenge.c.attempts,
    )
    .where(_challenge.c.token_hash == bound(_challenge.c.token_hash))
    .with_for_update()
)
_ATTEMPTED: Final = Statement(
    sa.update(_challenge)
    .where(_challenge.c.token_hash == bound(_challenge.c.token_hash))
    .values(attempts=bound(_challenge.c.attempts, "so_far"))
)
_USE_UP: Final = Statement(
    sa.delete(_challenge).where(_challenge.c.token_hash == bound(_challenge.c.token_hash))
)


class PostgresSecondFactors:
    """A row for each account that has one, its recovery codes in an array."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def of(self, user_id: UserId) -> SecondFactor | None:
        """Lock and read the row."""
        row = await fetch_one(self._connection, _OF, {"user_id": user_id})
        if row is None:
            return None
        sealed, created, confirmed, step, recovery, failures, failed, of_step_up, last = row
        return SecondFactor(
            user_id=user_id,
            sealed_secret=sealed,
            created_at=created,
            confirmed_at=confirmed,
            last_step=step,
            recovery_hashes=frozenset(recovery),
            failures=failures,
            failed_at=failed,
            step_up_failures=of_step_up,
            step_up_failed_at=last,
        )

    async def put(self, factor: SecondFactor) -> None:
        """Insert the row, or write all of it."""
        await execute(
            self._connection,
            _PUT,
            {
                "user_id": factor.user_id,
                "sealed_secret": factor.sealed_secret,
                "created_at": factor.created_at,
                "confirmed_at": factor.confirmed_at,
                "last_step": factor.last_step,
                "recovery_hashes": sorted(factor.recovery_hashes),
                "failures": factor.failures,
                "failed_at": factor.failed_at,
                "step_up_failures": factor.step_up_failures,
                "step_up_failed_at": factor.step_up_failed_at,
            },
        )

    async def remove(self, factor: SecondFactor) -> None:
        """Delete the row."""
        await execute(self._connection, _REMOVE, {"user_id": factor.user_id})


class PostgresLoginChallenges:
    """Challenges as rows, known by the hash of their token."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def add(self, challenge: LoginChallenge) -> None:
        """Insert the challenge."""
        await execute(
            self._connection,
            _ADD_CHALLENGE,
            {
                "token_hash": challenge.token_hash,
                "user_id": challenge.user_id,
                "user_version": challenge.user_version,
                "created_at": challenge.created_at,
                "expires_at": challenge.expires_at,
                "attempts": challenge.attempts,
            },
        )

    async def by_token(self, token_hash: bytes) -> LoginChallenge | None:
        """Lock and read the row."""
        row = await fetch_one(self._connection, _BY_TOKEN, {"token_hash": token_hash})
        if row is None:
            return None
        user_id, user_version, created, expires, attempts = row
        return LoginChallenge(
            token_hash=token_hash,
            user_id=UserId(user_id),
            user_version=user_version,
            created_at=created,
            expires_at=expires,
            attempts=attempts,
        )

    async def attempted(self, challenge: LoginChallenge) -> None:
        """Write the count."""
        await execute(
            self._connection,
            _ATTEMPTED,
            {"token_hash": challenge.token_hash, "so_far": challenge.attempts},
        )

    async def remove(self, challenge: LoginChallenge) -> None:
        """Delete the row."""
        await execute(self._connection, _USE_UP, {"token_hash": challenge.token_hash})
