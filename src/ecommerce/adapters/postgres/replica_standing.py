"""Whether a replica may answer reads at this moment: all that is decided, and no I/O."""

from collections import deque
from dataclasses import dataclass
from typing import Final

_MOST_WAITING: Final = 1_024
"""Positions remembered of a primary that the replica does not follow."""

_NOTHING_SETTLED: Final = -1


@dataclass(frozen=True, slots=True)
class PrimarySeen:
    """What the primary said: which database it is, and how far its log reaches."""

    database: str
    position: int


@dataclass(frozen=True, slots=True)
class ReplicaSeen:
    """What the replica said: whose copy it is, whether it follows, how far it has replayed."""

    database: str
    follows: bool
    position: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A position of the primary that the replica has not replayed yet."""

    position: int
    since: float
    changes: int


class ReplicaStanding:
    """What is known of a replica: whether it is well, and which of our changes it has.

    How far it is behind is the age of the oldest position of the primary, seen here, that it has
    not replayed. (PostgreSQL's own time of the last replayed transaction grows old with an idle
    primary.) A replica counts as well only once it has replayed a position seen here: before that
    nobody knows how old its data are. While the primary is away there is nothing new to lack, so a
    replica that had caught up stays well.
    """

    def __init__(self, max_lag_seconds: float) -> None:
        self._max_lag: Final = max_lag_seconds
        self._waiting: Final[deque[_Waiting]] = deque()
        self._database: str | None = None
        self._newest = 0
        self._replayed = 0
        self.fault: str | None = "has not been asked yet"
        self.well = False
        self._settled = _NOTHING_SETTLED

    @property
    def settled(self) -> int:
        """How many changes of this process it has for certain; -1: not known."""
        return self._settled

    def lag(self, now: float) -> float:
        """Seconds that it is behind: the age of the oldest position it has not replayed."""
        return now - self._waiting[0].since if self._waiting else 0.0

    def doubt(self) -> None:
        """A read failed on it: it is not well until it has been looked at again."""
        self.well = False

    def look(
        self, primary: PrimarySeen | None, replica: ReplicaSeen | None, *, changes: int, now: float
    ) -> None:
        """Take in what both said, ``None`` for one that did not answer.

        ``changes`` and ``now`` are from before the primary was asked: so many changes of this
        process lie before its position.
        """
        if primary is not None:
            self._primary_is(primary, _Waiting(primary.position, now, changes))
        self.fault = self._fault_of(replica, now)
        self.well = self.fault is None

    def _primary_is(self, primary: PrimarySeen, seen: _Waiting) -> None:
        if primary.database != self._database or seen.position < self._newest:
            # Another server, or one restored from a backup: earlier positions mean nothing now.
            self._database = primary.database
            self._waiting.clear()
            self._settled = _NOTHING_SETTLED
        self._newest = seen.position
        if self._waiting:
            last = self._waiting[-1]
            if (last.position, last.changes) == (seen.position, seen.changes):
                return
            if len(self._waiting) >= _MOST_WAITING:
                # The later of two positions with the age of the earlier: older than true, never
                # younger.
                self._waiting.pop()
                seen = _Waiting(seen.position, last.since, seen.changes)
        self._waiting.append(seen)

    def _fault_of(self, replica: ReplicaSeen | None, now: float) -> str | None:
        if replica is None:
            return "does not answer"
        if self._database is not None and replica.database != self._database:
            return "is not a copy of the primary's database"
        if not replica.follows:
            return "is no standby (pg_is_in_recovery() is false)"
        if replica.position < self._replayed:
            # Restarted, it replays again from its last restart point.
            self._settled = _NOTHING_SETTLED
        self._replayed = replica.position
        while self._waiting and self._waiting[0].position <= replica.position:
            self._settled = self._waiting.popleft().changes
        if self._settled == _NOTHING_SETTLED:
            return "has not caught up yet"
        if self._waiting and now - self._waiting[0].since > self._max_lag:
            return f"is more than {self._max_lag:g} s behind"
        return None
