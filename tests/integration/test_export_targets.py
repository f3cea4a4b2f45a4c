"""Where an export may go: into files, through links, into pipes; and what is left when it ends."""

import asyncio
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from tests.conftest import ANALYZER, CURRENCY
from tests.support.shop import COMMAND, environment

from ecommerce.entrypoints import catalog_files
from ecommerce.entrypoints.faults import StartError

PATHS = "Home > Garden\nHome > Kitchen\n"


@pytest.fixture
def shop(clean_database: str, tmp_path: Path) -> str:
    """A shop with two categories below a third."""
    tree = tmp_path / "tree.txt"
    tree.write_text(PATHS)
    asyncio.run(
        catalog_files.take_in_categories(clean_database, CURRENCY, ANALYZER, tree, dry_run=False)
    )
    return clean_database


def export(url: str, file: Path) -> None:
    asyncio.run(catalog_files.write_categories(url, file))


def test_a_pipe_is_written_to_and_stays_a_pipe(shop: str, tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in (pipe, link):
        reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            export(shop, target)
            assert b"Home > Garden\n" in os.read(reading, 4_096)
        finally:
            os.close(reading)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert link.is_symlink()
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("there", [True, False])
def test_a_link_leads_to_the_file_and_stays_a_link(shop: str, tmp_path: Path, there: bool) -> None:
    file, link = tmp_path / "below" / "out.txt", tmp_path / "link"
    file.parent.mkdir()
    link.symlink_to(file)
    if there:
        file.write_text("of old")
    export(shop, link)
    assert link.is_symlink()
    assert not file.is_symlink()
    assert "Home > Garden\n" in file.read_text()
    assert list(file.parent.iterdir()) == [file]


def test_two_exports_to_one_file_at_once_both_end_well(shop: str, tmp_path: Path) -> None:
    file, of_the_user = tmp_path / "out.txt", tmp_path / "out.txt.part"
    of_the_user.write_text("mine")

    async def both() -> None:
        await asyncio.gather(*(catalog_files.write_categories(shop, file) for _ in range(2)))

    asyncio.run(both())
    assert file.read_text() == "Home\nHome > Garden\nHome > Kitchen\n"
    assert of_the_user.read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"tree.txt", file.name, of_the_user.name}


def test_an_export_is_readable_to_whom_new_files_are(shop: str, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        export(shop, tmp_path / "out.txt")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == 0o640


def test_a_folder_is_refused(shop: str, tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot be written"):
        export(shop, tmp_path)
    with pytest.raises(StartError, match="cannot be written"):
        export(shop, tmp_path / "none" / "out.txt")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_export_that_is_ended_leaves_nothing_behind(
    shop: str, tmp_path: Path, how: signal.Signals
) -> None:
    data, out = tmp_path / "data", tmp_path / "out.csv"
    data.mkdir()
    out.write_text("of old")
    with psycopg.connect(shop) as holding:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [COMMAND, "export", str(out)],
            env=environment(data, {"DATABASE_URL": shop}),
            cwd=data,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        holding.execute("LOCK TABLE product IN ACCESS EXCLUSIVE MODE")
        until = time.monotonic() + 20
        while not list(tmp_path.glob(".*.part")):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        process.send_signal(how)
        _, error = process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGINT
    assert "Traceback" not in error
    assert out.read_text() == "of old"
    assert not list(tmp_path.glob(".*.part"))
