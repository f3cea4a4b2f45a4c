import pytest
import structlog
from structlog.testing import capture_logs

from ecommerce.entrypoints import start


def test_what_a_migration_waits_for_is_said_in_the_log_or_to_whoever_ran_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(structlog, "is_configured", lambda: False)
    start.tell("waiting for a backup")
    assert capsys.readouterr() == ("", "waiting for a backup\n")

    monkeypatch.setattr(structlog, "is_configured", lambda: True)
    with capture_logs() as logs:
        start.tell("waiting for a backup")
    assert logs == [{"event": "migrating", "log_level": "warning", "what": "waiting for a backup"}]
    assert capsys.readouterr() == ("", "")
