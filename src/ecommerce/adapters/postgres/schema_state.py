"""Where a database's schema stands against what this release knows."""

from dataclasses import dataclass

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The revision of the database and that of this release.

    ``floor`` is the revision that a release has to know to serve on a newer schema, as the database
    keeps it; it is looked at where the database's revision is not known here.
    """

    current: str | None
    head: str
    known: bool
    floor: str | None = None
    floor_known: bool = False

    @property
    def up_to_date(self) -> bool:
        """Whether the database has exactly the schema this release was written for."""
        return self.current == self.head

    @property
    def newer_but_served(self) -> bool:
        """Whether a later release made the schema, and this one may serve on it."""
        return not self.known and self.floor_known

    @override
    def __str__(self) -> str:
        if self.newer_but_served:
            return f"{self.current} (newer than this release's {self.head}, which may serve on it)"
        return self.current or "none"
