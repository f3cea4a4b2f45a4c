"""What the documentation names is there."""

import re
import tomllib
from pathlib import Path
from typing import Final

import msgspec
from packaging.requirements import Requirement
from prometheus_client import CollectorRegistry
from tests.support.command_line import commands
from tests.support.repository import ROOT, tracked_files
from tests.support.tour import steps_of

from ecommerce.adapters.prometheus.metrics import Metrics
from ecommerce.domain.shared.errors import DomainError
from ecommerce.entrypoints.http.client_address import Proxies
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.settings_names import variable

PAGES: Final = sorted(file for file in tracked_files() if file.suffix == ".md")
OURS: Final = [file for file in PAGES if "swagger_ui" not in file.parts]
TARGETS: Final = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


PYPROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())


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


def test_each_library_has_its_reason_and_no_other_is_named() -> None:
    project = PYPROJECT["project"]
    asked_for = [
        *PYPROJECT["build-system"]["requires"],
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]+) \| [^|]+ \|$",
        (ROOT / "docs/adr/0009-libraries.md").read_text(),
        re.MULTILINE,
    )
    named = [name for row in rows for name in re.findall(r"(?<!extra )`([\w.-]+)`", row)]

    assert sorted(named) == sorted({Requirement(one).name for one in asked_for} - {project["name"]})


def test_the_contexts_are_those_of_the_import_contracts() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    modules = next(
        c["modules"]
        for c in contracts
        if c["name"] == "Application contexts do not know each other"
    )
    contexts = {module.rpartition(".")[2] for module in modules}
    architecture = (ROOT / "docs/architecture.md").read_text()
    table = architecture.partition("| context |")[2].partition("\n\n")[0]
    decided = (ROOT / "docs/adr/0001-rooms-and-import-contracts.md").read_text()
    sentence = decided.partition("The contexts are ")[2].partition(".")[0]

    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == contexts
    assert set(re.findall(r"`(\w+)`", sentence)) - {"application"} == contexts


def test_every_container_is_named_where_one_looks_for_it() -> None:
    containers = {
        file.name
        for file in (ROOT / "src/ecommerce/entrypoints").glob("*.py")
        if "dependency_injector" in file.read_text()
    }
    architecture = (ROOT / "docs/architecture.md").read_text()
    row = next(line for line in architecture.splitlines() if line.startswith("| who meets whom |"))

    assert {Path(named).name for named in re.findall(r"`([\w/]+\.py)`", row)} == containers


def test_operations_has_every_metric_by_the_name_it_is_scraped_by() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    scraped = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in registry.collect()
    }
    operations = (ROOT / "docs/operations.md").read_text()
    table = operations.partition("\n## Metrics\n")[2].partition("\n## ")[0]

    assert set(re.findall(r"`(ecommerce_[a-z_]+)`", table)) == scraped


def test_behind_the_documented_proxy_no_header_of_a_clients_own_counts() -> None:
    operations = (ROOT / "docs/operations.md").read_text()
    block = operations.partition("```nginx\n")[2].partition("```")[0]
    told = dict(re.findall(r"^proxy_set_header (\S+) (\S+);$", block, re.MULTILINE))
    invented = {
        "forwarded": "garbage",
        "x-forwarded-for": "198.51.100.9",
        "x-forwarded-proto": "http",
        "x-forwarded-host": "elsewhere.example.com",
    }
    meaning = {
        '""': "",
        "$host": "shop.example.com",
        "$scheme": "https",
        "$proxy_add_x_forwarded_for": "198.51.100.9, 203.0.113.7",
    }
    passed = invented | {name.lower(): meaning[value] for name, value in told.items()}
    headers = [(name.encode(), value.encode()) for name, value in passed.items() if value]

    seen = Proxies.parse("10.0.0.1").seen("10.0.0.1", "http", headers)

    assert (seen.address, seen.scheme, seen.host) == ("203.0.113.7", "https", "shop.example.com")


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
