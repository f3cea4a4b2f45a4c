"""The import contracts hold, and each of them is able to fail."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CONTRACTS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

PLANTED: Final = {
    "Rooms: entrypoints, then adapters, then application, then domain": (
        "domain/shared/money.py",
        "import ecommerce.application.shared.clock",
    ),
    "Domain and application know no framework": (
        "application/catalog/ports.py",
        "import sqlalchemy",
    ),
    "HTTP reaches the world through ports only": (
        "entrypoints/http/errors.py",
        "import ecommerce.adapters.postgres.tables",
    ),
    "Domain contexts do not know each other": (
        "domain/catalog/errors.py",
        "import ecommerce.domain.inventory.errors",
    ),
    "Application contexts do not know each other": (
        "application/catalog/ports.py",
        "import ecommerce.application.inventory.ports",
    ),
    "Adapters of one technology do not know those of another": (
        "adapters/postgres/tables.py",
        "import ecommerce.adapters.memory.store",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source in which a test may do what is forbidden."""
    copied = tmp_path_factory.mktemp("contracts")
    shutil.copy(ROOT / "pyproject.toml", copied)
    shutil.copytree(
        ROOT / "src", copied / "src", ignore=shutil.ignore_patterns("__pycache__", "assets")
    )
    return copied


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one forbidden import in it."""
    place, forbidden = PLANTED[request.param]
    file = copy / "src/ecommerce" / place
    before = file.read_text()
    file.write_text(f"{before}\n{forbidden}\n")
    yield copy
    file.write_text(before)


def linted(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own tool on our own copy
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(directory / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept(copy: Path) -> None:
    ran = linted(copy)

    assert ran.returncode == 0, ran.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in ran.stdout


def test_every_contract_has_a_planted_import() -> None:
    assert {contract["name"] for contract in CONTRACTS} == set(PLANTED)


@pytest.mark.parametrize(
    ("contract", "folder"),
    [
        ("Domain contexts do not know each other", "domain"),
        ("Application contexts do not know each other", "application"),
        ("Adapters of one technology do not know those of another", "adapters"),
    ],
)
def test_no_context_and_no_technology_is_left_out(contract: str, folder: str) -> None:
    named = next(c["modules"] for c in CONTRACTS if c["name"] == contract)
    present = {
        f"ecommerce.{folder}.{child.name}"
        for child in (ROOT / "src/ecommerce" / folder).iterdir()
        if (child / "__init__.py").exists() and child.name != "shared"
    }

    assert set(named) == present


@pytest.mark.parametrize(("planted", "name"), [(n, n) for n in PLANTED], indirect=["planted"])
def test_a_forbidden_import_breaks_its_contract(planted: Path, name: str) -> None:
    ran = linted(planted)

    assert ran.returncode == 1
    assert f"{name} BROKEN" in ran.stdout


def test_a_room_that_nobody_knows_breaks_the_layers(copy: Path) -> None:
    stranger = copy / "src/ecommerce/helpers.py"
    stranger.touch()
    try:
        assert linted(copy).returncode == 1
    finally:
        stranger.unlink()
