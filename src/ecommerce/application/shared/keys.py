"""What names a thing in a request: its id, or its slug."""

import re
from typing import Final
from uuid import UUID

_WRITTEN_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def id_or_slug(text: str) -> UUID | str:
    """Read an id where one is written (RFC 9562, with hyphens), and a slug anywhere else."""
    return UUID(text) if _WRITTEN_UUID.fullmatch(text) else text
