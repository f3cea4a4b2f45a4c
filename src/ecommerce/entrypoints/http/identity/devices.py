"""The cookie that a device is known again by where it has signed in before: one mark for each
account that it signed in to, eight at the most, some 540 bytes.
"""

from collections.abc import Sequence
from typing import Final

from ecommerce.application.identity.doorkeeper import Device, NewMarks
from ecommerce.entrypoints.http.answers import Headers
from ecommerce.entrypoints.http.client_address import client_group
from ecommerce.entrypoints.http.request import HttpRequest, client_of, header

_YEAR: Final = 365 * 24 * 3_600
_PATH: Final = "/v1/auth"
_BETWEEN: Final = "~"


def device_of(request: HttpRequest) -> Device:
    """What a request is made with, as far as it shows."""
    network = client_group(client_of(request.scope) or "unknown")
    return Device(network=network, marks=_marks(request))


def remembered(request: HttpRequest, marks: NewMarks) -> Headers:
    """The header that has the device keep its marks; none where it has them."""
    if marks is None:
        return ()
    cookie = (
        f"{_name(request)}={_BETWEEN.join(marks)}",
        f"Path={_PATH}",
        f"Max-Age={_YEAR}",
        "HttpOnly",
        "SameSite=Strict",
        *(("Secure",) if request.scope["scheme"] == "https" else ()),
    )
    return (("Set-Cookie", "; ".join(cookie)),)


def _marks(request: HttpRequest) -> Sequence[str]:
    wanted = _name(request)
    for pair in (header(request, b"cookie") or "").split(";"):
        name, _, marks = pair.strip().partition("=")
        if name == wanted:
            return marks.split(_BETWEEN)
    return ()


def _name(request: HttpRequest) -> str:
    """Browsers take a name with this prefix over TLS only, so that nobody else can set it."""
    return "__Secure-device" if request.scope["scheme"] == "https" else "device"
