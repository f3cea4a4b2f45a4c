"""Who is told when what the catalogue shows has changed."""

from typing import Protocol


class CatalogObserver(Protocol):
    """Something that keeps what it read of the catalogue, such as a cache.

    Each change has a name. All observers of a shop hear the same names in the same order, a moment
    after the change was made final; the process that made the change is told before it answers.
    """

    def changed_here(self, name: str | None) -> None:
        """A change was made final by this process; without a name it may have been, unheard of."""
        ...

    def changed(self, name: str) -> None:
        """A change became final, whoever made it; whoever reads from now on sees it."""
        ...

    def silent(self) -> None:
        """From now on changes happen of which nobody tells: nothing kept may be shown."""
        ...

    def listening(self) -> None:
        """From now on every change is told of; what happened meanwhile is not known."""
        ...


class NobodyObserves:
    """Where nothing is kept, nobody has to be told."""

    def changed_here(self, name: str | None) -> None:
        """Nothing to do."""

    def changed(self, name: str) -> None:
        """Nothing to do."""

    def silent(self) -> None:
        """Nothing to do."""

    def listening(self) -> None:
        """Nothing to do."""
