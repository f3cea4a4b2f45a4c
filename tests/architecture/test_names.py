"""House rules that the source itself shows."""

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import ecommerce
from ecommerce.domain.shared.errors import DomainError
from ecommerce.entrypoints.http.problem_types import HTTP_PROBLEMS

SOURCE: Final = Path(ecommerce.__file__).parent
FILES: Final = sorted(SOURCE.rglob("*.py"))
MOST_LINES: Final = 300
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def name_of(file: Path) -> str:
    return str(file.relative_to(SOURCE))


def classes_in(file: Path) -> list[ast.ClassDef]:
    return [n for n in ast.parse(file.read_text()).body if isinstance(n, ast.ClassDef)]


def is_called(cls: ast.ClassDef) -> bool:
    return any(isinstance(n, ast.AsyncFunctionDef) and n.name == "__call__" for n in cls.body)


def decorated_with(cls: ast.ClassDef) -> str:
    return " ".join(ast.unparse(decorator) for decorator in cls.decorator_list)


def bases_of(cls: ast.ClassDef) -> set[str]:
    return {ast.unparse(base) for base in cls.bases}


def is_a_port(cls: ast.ClassDef) -> bool:
    return any(base.partition("[")[0] == "Protocol" for base in bases_of(cls))


def is_data(cls: ast.ClassDef) -> bool:
    return "dataclass" in decorated_with(cls) or bool(bases_of(cls) & {"Enum", "StrEnum"})


def application() -> Iterator[tuple[str, list[ast.ClassDef]]]:
    for file in FILES:
        if file.relative_to(SOURCE).parts[0] == "application":
            yield name_of(file), classes_in(file)


def in_a_context(name: str) -> bool:
    return not name.startswith("application/shared/")


def test_a_file_is_short_and_says_what_it_needs() -> None:
    for file in FILES:
        text = file.read_text()
        assert len(text.splitlines()) <= MOST_LINES, file
        # A cycle of imports is a design fault, and what is still to do belongs in an issue.
        for word in ("TYPE_CHECKING", "TODO", "FIXME"):
            assert word not in text, f"{file}: {word}"


def test_domain_and_application_import_the_standard_library_alone() -> None:
    for file in FILES:
        if file.relative_to(SOURCE).parts[0] not in {"domain", "application"}:
            continue
        imported = set()
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
        assert imported - {"ecommerce"} <= sys.stdlib_module_names, file


def test_what_is_called_to_do_something_is_a_handler_and_a_handler_is_called() -> None:
    for name, classes in application():
        for cls in classes:
            if in_a_context(name) and "Protocol" not in ast.unparse(cls):
                assert cls.name.endswith("Handler") == is_called(cls), f"{name}: {cls.name}"


def test_a_use_case_has_a_file_of_its_own() -> None:
    for name, classes in application():
        handlers = [cls.name for cls in classes if cls.name.endswith("Handler")]
        assert len(handlers) <= 1, f"{name}: {handlers}"


def test_a_command_is_frozen_and_its_fields_are_named_by_the_caller() -> None:
    for name, classes in application():
        here = {cls.name: cls for cls in classes}
        for handler in [n for n in here if n.endswith("Handler")]:
            command = here.get(handler.removesuffix("Handler"))
            if command is not None:
                decorator = decorated_with(command)
                for option in ("frozen=True", "slots=True", "kw_only=True"):
                    assert option in decorator, f"{name}: {command.name} lacks {option}"


def test_ports_are_protocols_and_keep_their_promise_in_words() -> None:
    """Most stand in ``ports.py`` and ``queries.py``, some beside what alone needs them."""
    places = set()
    for name, classes in application():
        for cls in classes:
            if is_a_port(cls):
                places.add(name)
                promises = [n for n in cls.body if isinstance(n, FUNCTIONS)]
                for promise in (cls, *promises):
                    assert ast.get_docstring(promise), f"{name}: {cls.name}: {promise.name}"
            elif name.endswith(("/ports.py", "/queries.py")):
                assert ast.get_docstring(cls), f"{name}: {cls.name}"
                assert is_data(cls) or cls.name.endswith("Error"), f"{name}: {cls.name}"
    assert {"ports.py", "queries.py", "planner.py"} <= {Path(place).name for place in places}


def errors() -> list[type[DomainError]]:
    """Every error of the shop, once each module has been imported; the kinds are not errors."""
    for module in pkgutil.walk_packages([str(SOURCE)], "ecommerce."):
        if not module.name.startswith("ecommerce.migrations"):
            importlib.import_module(module.name)
    found: list[type[DomainError]] = []
    waiting = list(DomainError.__subclasses__())
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        kind = cls.__module__ == DomainError.__module__ and "code" not in vars(cls)
        if cls.__module__.startswith("ecommerce.") and not kind:
            found.append(cls)
    return found


def test_every_error_can_be_looked_up() -> None:
    catalogue = errors()
    assert len(catalogue) > 10
    for error in catalogue:
        assert error.__name__.endswith("Error")
        assert {"code", "title", "__doc__"} <= vars(error).keys(), error.__name__
        assert error.__doc__, error.__name__
        assert error.code == error.code.lower().replace("-", "_"), error.code


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in errors()] + [problem.code for problem in HTTP_PROBLEMS]

    assert sorted(codes) == sorted(set(codes))
