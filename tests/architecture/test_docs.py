"""What the documentation names is there."""

import re
from pathlib import Path
from typing import Final

import msgspec
from tests.support.command_line import commands
from tests.support.repository import ROOT, tracked_files
from tests.support.tour import steps_of

from ecommerce.domain.shared.errors import DomainError
from ecommerce.entrypoints.settings import Settings, variable

PAGES: Final = sorted(file for file in tracked_files() if file.suffix == ".md")
OURS: Final = [file for file in PAGES if "swagger_ui" not in file.parts]
TARGETS: Final = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def code_in(page: Path) -> str:
    """What a page shows as code: blocks and inline."""
    text = page.read_text()
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def test_links_lead_somewhere() -> None:
    for page in OURS:
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
            place = link.partition("#")[0]
            if place and not re.match(r"[a-z]+:", place):
                assert (page.parent / place).exists(), f"{page}: {link}"


def test_every_make_target_that_is_named_exists() -> None:
    for page in OURS:
        named = re.findall(r"(?:`|^|\s)make ([a-z]+)", code_in(page), re.MULTILINE)
        assert set(named) <= TARGETS, page


def test_every_target_of_make_is_phony() -> None:
    phony = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert set(" ".join(phony).split()) >= TARGETS


def test_every_command_that_is_named_exists_and_the_readme_names_them_all() -> None:
    known = commands()
    for page in OURS:
        for named in re.findall(
            r"(?:`|^|/)ecommerce ((?:(?:audit|keys) )?[a-z][a-z-]+)", code_in(page), re.MULTILINE
        ):
            assert named in known, f"{page}: ecommerce {named}"
    readme = (ROOT / "README.md").read_text()
    for command in known:
        assert f"`ecommerce {command}`" in readme, command


def test_every_setting_that_is_named_exists_and_operations_names_them_all() -> None:
    settings = {variable(field.name) for field in msgspec.structs.fields(Settings)}
    for page in OURS:
        named = set(re.findall(r"\bECOMMERCE_[A-Z_]+\b", page.read_text()))
        assert named <= settings, page
    operations = (ROOT / "docs/operations.md").read_text()
    for name in settings:
        assert f"`{name}`" in operations, name


def test_every_file_of_the_source_that_is_named_exists() -> None:
    """Paths are named from the root, or from the package."""
    bases = (ROOT, ROOT / "src/ecommerce", ROOT / "src/ecommerce/entrypoints")
    rooms = "src|tests|docs|migrations|requirements|domain|application|adapters|entrypoints|http"
    for page in OURS:
        for named in re.findall(rf"`((?:{rooms})/[\w./-]+)`", page.read_text()):
            assert any((base / named).exists() for base in bases), f"{page}: {named}"


def test_the_tour_is_there_and_names_errors_that_exist() -> None:
    steps = steps_of((ROOT / "README.md").read_text())
    assert len(steps) > 20
    codes = re.findall(r'"code":"(\w+)"', "".join(step.expected or "" for step in steps))
    assert codes
    known = {cls.code for cls in every_error() if "code" in vars(cls)}
    assert set(codes) <= known


def every_error() -> list[type[DomainError]]:
    found, waiting = [], [DomainError]
    while waiting:
        cls = waiting.pop()
        found.append(cls)
        waiting += cls.__subclasses__()
    return found
