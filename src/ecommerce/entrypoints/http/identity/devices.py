"""The cookie that a device is known again by where it has signed in before."""

from typing import Final

from ecommerce.application.identity.attempts import Attempt, Proof
from ecommerce.application.identity.device_marks import DeviceMarks
from ecommerce.entrypoints.http.answers import Headers
from ecommerce.entrypoints.http.client_address import client_group
from ecommerce.entrypoints.http.request import HttpRequest, client_of, header

_YEAR: Final = 365 * 24 * 3_600
_PATH: Final = "/v1/auth"


def attempt_of(
    request: HttpRequest, address: str, marks: DeviceMarks, *, proof: Proof = "password"
) -> Attempt:
    """An attempt at the account of an address, from where the request is from."""
    return Attempt.at_address(
        address,
        client=client_group(client_of(request.scope) or "unknown"),
        device=_device(request, address, marks),
        proof=proof,
    )


def remember(request: HttpRequest, address: str, marks: DeviceMarks) -> Headers:
    """The header that has the device known from now on; none when it is already."""
    if _device(request, address, marks) is not None:
        return ()
    cookie = (
        f"{_name(request)}={marks.make(address)}",
        f"Path={_PATH}",
        f"Max-Age={_YEAR}",
        "HttpOnly",
        "SameSite=Strict",
        *(("Secure",) if request.scope["scheme"] == "https" else ()),
    )
    return (("Set-Cookie", "; ".join(cookie)),)


def _device(request: HttpRequest, address: str, marks: DeviceMarks) -> str | None:
    wanted = _name(request)
    for pair in (header(request, b"cookie") or "").split(";"):
        name, _, mark = pair.strip().partition("=")
        if name == wanted:
            return marks.device(mark, address)
    return None


def _name(request: HttpRequest) -> str:
    """Browsers take a name with this prefix over TLS only, so that nobody else can set it."""
    return "__Secure-device" if request.scope["scheme"] == "https" else "device"
