"""What is said of a primary that takes no writes."""

import pytest
from structlog.testing import capture_logs

from ecommerce.adapters.postgres import read_only


@pytest.mark.parametrize(
    ("setting", "standby", "said"),
    [
        (False, False, None),
        (True, False, "is read-only: default_transaction_read_only is on"),
        (True, True, "is read-only: it is a standby (pg_is_in_recovery() is true)"),
    ],
)
def test_it_is_said_why_nothing_can_be_written(
    *, setting: bool, standby: bool, said: str | None
) -> None:
    assert read_only.fault_of(read_only=setting, standby=standby) == said


def test_a_flood_of_refused_writes_is_a_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(read_only, "monotonic", lambda: now)
    notice = read_only.ReadOnlyNotice()
    lines = []
    for now in (0.0, 0.1, 59.9, 60.0, 60.1, 120.0):  # noqa: B007 - what the clock says
        with capture_logs() as logs:
            notice.refused(ValueError("cannot execute INSERT in a read-only transaction"))
        lines.append([(log["event"], log["reason"]) for log in logs])

    line = [("database_read_only", "cannot execute INSERT in a read-only transaction")]
    assert lines == [line, [], [], line, [], line]
