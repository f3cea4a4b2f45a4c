"""What address books look like on the wire."""

from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.identity.queries import AddressView
from ecommerce.application.shared.paging import Total
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.shared.postal_address import (
    MAX_LINE,
    MAX_PHONE,
    MAX_POSTAL_CODE,
    PostalAddress,
)
from ecommerce.entrypoints.http.operation import PathParameter

Line = Annotated[str, Meta(min_length=1, max_length=MAX_LINE)]
CountryCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z]{2}$",
        description="Two capital letters, as ISO 3166-1 has them.",
    ),
]


class PostalAddressBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where something is sent to."""

    full_name: Line
    company: Line | None = None
    line1: Line
    line2: Line | None = None
    city: Line
    region: Line | None = None
    postal_code: Annotated[str, Meta(min_length=1, max_length=MAX_POSTAL_CODE)] | None = None
    country: CountryCode
    phone: Annotated[str, Meta(min_length=1, max_length=MAX_PHONE)] | None = None

    def address(self) -> PostalAddress:
        """As the domain has it."""
        return PostalAddress(
            full_name=self.full_name,
            company=self.company,
            line1=self.line1,
            line2=self.line2,
            city=self.city,
            region=self.region,
            postal_code=self.postal_code,
            country=self.country,
            phone=self.phone,
        )


class SetAddressBody(PostalAddressBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that an address says, and whether it is taken unless another is named."""

    default_shipping: bool = False
    default_billing: bool = False

    def details(self) -> AddressDetails:
        """As the domain has it."""
        return AddressDetails(
            address=self.address(),
            default_shipping=self.default_shipping,
            default_billing=self.default_billing,
        )


class AddressPage(msgspec.Struct, frozen=True):
    """Some addresses in order; `total` is there when asked for."""

    items: tuple[AddressView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


ADDRESS_ID: Final = PathParameter(
    description="The address's id.", example="01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d70", format="uuid"
)
EXAMPLE_SET_ADDRESS: Final[dict[str, object]] = {
    "full_name": "Ada Lovelace",
    "company": None,
    "line1": "12 St James's Square",
    "line2": None,
    "city": "London",
    "region": None,
    "postal_code": "SW1Y 4JH",
    "country": "GB",
    "phone": "+44 20 7946 0958",
    "default_shipping": True,
    "default_billing": True,
}
EXAMPLE_ADDRESS: Final[dict[str, object]] = {
    "id": "01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d70",
    **EXAMPLE_SET_ADDRESS,
    "created_at": "2026-01-15T09:30:00Z",
    "updated_at": "2026-01-15T09:30:00Z",
    "version": 1,
}
EXAMPLE_ADDRESSES: Final[dict[str, object]] = {
    "items": [EXAMPLE_ADDRESS],
    "next_cursor": None,
    "previous_cursor": None,
}
