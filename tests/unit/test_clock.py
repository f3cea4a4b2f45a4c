from datetime import UTC, datetime, timedelta

from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids

AT = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


def test_now_is_in_utc_and_whole_milliseconds() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert now.microsecond % 1000 == 0


def test_an_id_is_a_version_7_uuid_that_holds_its_instant() -> None:
    made = Uuid7Ids().new(AT)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == round(AT.timestamp() * 1000)


def test_ids_of_one_millisecond_are_in_the_order_of_their_making() -> None:
    ids = Uuid7Ids()
    made = [ids.new(AT) for _ in range(10_000)]
    assert made == sorted(set(made))


def test_ids_of_a_later_instant_come_later() -> None:
    ids = Uuid7Ids()
    later, earlier = ids.new(AT + timedelta(milliseconds=1)), ids.new(AT)
    assert earlier < later


def test_two_processes_do_not_make_the_same() -> None:
    assert Uuid7Ids().new(AT) != Uuid7Ids().new(AT)
