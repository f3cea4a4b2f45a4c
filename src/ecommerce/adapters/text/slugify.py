"""Slugs by the python-slugify library."""

from typing import Final

from slugify import slugify

from ecommerce.domain.shared.slugs import InvalidSlugError, Slug

_LENGTH: Final = 180
"""Leaves room for a number at the end."""


class PythonSlugs:
    """Spells names of any script with a to z, 0 to 9 and hyphens."""

    def slug_of(self, name: str, otherwise: str) -> str:
        """Make a slug, cut between words where that is possible."""
        base = slugify(name, max_length=_LENGTH, word_boundary=True) or slugify(
            name, max_length=_LENGTH
        )
        try:
            return Slug(base).value
        except InvalidSlugError:
            # Nothing in the name can be spelled, or it looks like an id.
            return otherwise
