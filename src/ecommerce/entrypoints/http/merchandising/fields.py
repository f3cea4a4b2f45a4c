"""What the routes of merchandising share."""

from typing import Final

from ecommerce.domain.merchandising.errors import PinNotFoundError, SynonymGroupNotFoundError
from ecommerce.domain.shared.ids import PinId, SynonymGroupId
from ecommerce.entrypoints.http.operation import PathParameter
from ecommerce.entrypoints.http.request import uuid_or_none

TAG: Final = "Merchandising"

SYNONYM_ID: Final = PathParameter(
    description="The group's id.", example="019a8f00-5a00-7000-8000-000000000d01", format="uuid"
)
PIN_ID: Final = PathParameter(
    description="The pin's id.", example="019a8f00-5a00-7000-8000-000000000e01", format="uuid"
)


def synonym_id(text: str) -> SynonymGroupId:
    """A group's id; anything else is no group."""
    found = uuid_or_none(text)
    if found is None:
        raise no_synonym_group()
    return SynonymGroupId(found)


def pin_id(text: str) -> PinId:
    """A pin's id; anything else is no pin."""
    found = uuid_or_none(text)
    if found is None:
        raise no_pin()
    return PinId(found)


def no_synonym_group() -> SynonymGroupNotFoundError:
    """The one sentence for an absent group."""
    return SynonymGroupNotFoundError("There is no such group of synonyms.")


def no_pin() -> PinNotFoundError:
    """The one sentence for an absent pin."""
    return PinNotFoundError("There is no such pin.")
