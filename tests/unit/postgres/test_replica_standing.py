from dataclasses import dataclass, field

import pytest

from ecommerce.adapters.postgres.replica_standing import PrimarySeen, ReplicaSeen, ReplicaStanding

SHOP = "1/shop"


@dataclass
class Watched:
    """A standing with at most 5 s of lag, and a clock."""

    standing: ReplicaStanding = field(default_factory=lambda: ReplicaStanding(5.0))
    now: float = 100.0
    changes: int = 0

    def look(self, primary: int | None, replica: int | None, after: float = 0.0) -> bool:
        self.now += after
        self.standing.look(
            None if primary is None else PrimarySeen(SHOP, primary),
            None if replica is None else ReplicaSeen(SHOP, follows=True, position=replica),
            changes=self.changes,
            now=self.now,
        )
        return self.standing.well


@pytest.fixture
def watched() -> Watched:
    seen = Watched()
    assert seen.look(1_000, 1_000)
    return seen


def test_nobody_knows_a_replica_that_was_never_looked_at() -> None:
    standing = ReplicaStanding(5.0)

    assert not standing.well
    assert standing.settled < 0


def test_a_replica_is_well_once_it_has_what_the_primary_had() -> None:
    seen = Watched()

    assert not seen.look(1_000, 900), "how old its data are is not known yet"
    assert not seen.look(1_100, 999, after=0.2)
    assert seen.look(1_200, 1_000, after=0.2)


def test_a_replica_that_is_an_hour_behind_at_first_is_not_taken_for_a_fresh_one() -> None:
    seen = Watched()
    for _ in range(20):
        assert not seen.look(1_000, 500, after=0.2)

    assert seen.standing.fault == "has not caught up yet"


def test_an_idle_primary_leaves_the_replica_well(watched: Watched) -> None:
    assert watched.look(1_000, 1_000, after=3_600)


def test_a_replica_that_is_always_a_little_behind_is_well(watched: Watched) -> None:
    for tick in range(1, 200):
        assert watched.look(1_000 + tick * 10, 1_000 + (tick - 1) * 10, after=0.2)


def test_a_replica_that_stands_still_is_given_up_after_the_lag(watched: Watched) -> None:
    assert watched.look(1_010, 1_000, after=0.2)
    assert watched.look(1_020, 1_000, after=5.0)
    assert not watched.look(1_030, 1_000, after=0.1)
    assert watched.standing.fault == "is more than 5 s behind"


def test_a_replica_that_follows_at_a_distance_beyond_the_lag_stays_given_up(
    watched: Watched,
) -> None:
    """It reaches old positions again and again, and is never less than 10 s behind."""
    well = [watched.look(1_000 + tick, 1_000 + max(0, tick - 10), after=1) for tick in range(1, 60)]

    assert well == [True] * 6 + [False] * 53


def test_it_is_well_again_once_it_has_caught_up(watched: Watched) -> None:
    assert watched.look(1_010, 1_000, after=0.2)
    assert not watched.look(1_020, 1_000, after=9)
    assert not watched.look(1_020, None, after=0.2)
    assert watched.look(1_020, 1_020, after=0.2)


def test_the_age_of_what_is_missing_is_never_too_young_however_long_it_stands_still(
    watched: Watched,
) -> None:
    for tick in range(1, 3_000):
        watched.look(1_000 + tick, 1_000, after=1)

    assert len(watched.standing._waiting) <= 1_024
    assert not watched.look(3_999, 3_500, after=0)
    assert watched.look(4_000, 4_000, after=1)


@pytest.mark.parametrize(
    ("replica", "fault"),
    [
        (None, "does not answer"),
        (ReplicaSeen("2/shop", follows=True, position=9_999), "is not a copy of"),
        (ReplicaSeen(SHOP, follows=False, position=9_999), "is no standby"),
    ],
)
def test_what_is_away_or_no_replica_is_not_used(
    watched: Watched, replica: ReplicaSeen | None, fault: str
) -> None:
    watched.standing.look(PrimarySeen(SHOP, 1_000), replica, changes=0, now=101)

    assert not watched.standing.well
    assert str(watched.standing.fault).startswith(fault)


def test_a_doubt_lasts_until_the_next_look(watched: Watched) -> None:
    watched.standing.doubt()

    assert not watched.standing.well
    assert watched.look(1_000, 1_000, after=0.2)


def test_a_replica_that_had_caught_up_stays_well_while_the_primary_is_away(
    watched: Watched,
) -> None:
    assert watched.look(None, 1_000, after=60)


def test_a_replica_that_lacked_something_is_given_up_while_the_primary_is_away(
    watched: Watched,
) -> None:
    assert watched.look(1_010, 1_000, after=0.2)
    assert not watched.look(None, 1_000, after=6)


def test_a_change_is_settled_once_the_replica_is_past_it(watched: Watched) -> None:
    assert watched.standing.settled == 0
    watched.changes = 1
    watched.look(1_010, 1_000, after=0.2)
    assert watched.standing.settled == 0
    watched.changes = 2
    watched.look(1_020, 1_015, after=0.2)
    assert watched.standing.settled == 1
    watched.look(1_020, 1_020, after=0.2)
    assert watched.standing.settled == 2


def test_a_change_that_left_no_trace_in_the_log_is_settled_too(watched: Watched) -> None:
    watched.changes = 1
    watched.look(1_000, 1_000, after=0.2)

    assert watched.standing.settled == 1


def test_a_replica_that_starts_anew_has_to_reach_what_it_had_before(watched: Watched) -> None:
    watched.changes = 1
    assert watched.look(1_010, 1_010, after=0.2)
    assert not watched.look(1_010, 990, after=0.2), "restarted: it replays from an earlier place"
    assert watched.standing.settled < 0
    assert watched.look(1_010, 1_010, after=0.2)
    assert watched.standing.settled == 1


def test_positions_of_a_primary_that_was_restored_start_anew(watched: Watched) -> None:
    assert watched.look(1_010, 1_000, after=0.2)
    assert not watched.look(500, 400, after=0.2)
    assert watched.look(600, 500, after=0.2)
