"""Slugs that are taken, in memory."""

from collections.abc import Iterable, Mapping, MutableMapping
from itertools import chain, count
from typing import Protocol
from uuid import UUID

from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.slugs import Slug, SlugTakenError


class _Sluggish(Protocol):
    slug: Slug


def free_slug(base: str, present: Iterable[_Sluggish], former: Mapping[str, UUID]) -> Slug:
    """The first of ``base``, ``base-2``, ``base-3`` ... that nothing has or had."""
    taken = {each.slug.value for each in present} | former.keys()
    numbered = chain([base], (f"{base}-{number}" for number in count(2)))
    return Slug(next(slug for slug in numbered if slug not in taken))


def take_slug(
    slug: Slug,
    owner_id: UUID,
    present: Mapping[UUID, _Sluggish],
    former: MutableMapping[str, UUID],
) -> None:
    """Refuse another's slug; the owner's present one still finds it when it takes a new one."""
    owners = {key for key, each in present.items() if each.slug == slug}
    if (owners | {former.get(slug.value, owner_id)}) - {owner_id}:
        raise SlugTakenError(f"The slug {slug.value!r} is taken.", Violation("/slug", "is taken."))
    former.pop(slug.value, None)
    if owner_id in present and present[owner_id].slug != slug:
        former[present[owner_id].slug.value] = owner_id


def forget_slugs(owner_id: UUID, former: MutableMapping[str, UUID]) -> None:
    """Forget the old slugs of what is removed."""
    for slug in [slug for slug, owner in former.items() if owner == owner_id]:
        del former[slug]
