"""The command line, as Typer knows it."""

from typer.core import TyperGroup
from typer.main import get_command

from ecommerce.entrypoints.cli import app


def commands() -> set[str]:
    """Every command: ``serve``, ``keys rotate`` and so on."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    found: set[str] = set()
    for name, command in root.commands.items():
        if isinstance(command, TyperGroup):
            found |= {f"{name} {inner}" for inner in command.commands}
        else:
            found.add(name)
    return found
