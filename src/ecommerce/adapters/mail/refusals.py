"""Whose fault it is that a server does not take a mail: the recipient's, or ours."""

import re
from typing import Final

from ecommerce.application.shared.mail import MailNotSentError, MailRefusedError

_PERMANENT: Final = 500
_SIGN_IN: Final = frozenset({530, 534, 535, 538})
"""Signing in is wanted, too weak, wrong, or wants TLS (RFC 4954, 6)."""

_POLICY: Final = re.compile(rb"(?<![\d.])5\.7\.\d{1,3}(?!\.?\d)")
"""Security or policy (RFC 3463, 3.8), wherever in the text a server puts it."""

_CODED: Final = re.compile(rb"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_RELAY: Final = re.compile(rb"\brelay", re.IGNORECASE)
"""What servers without enhanced codes say to whom they do not know."""


def refusal(what: str, code: int, said: bytes | str) -> MailNotSentError:
    """The error for an answer to a recipient or a message.

    A server that is not allowed to take it from us would refuse every mail: that is a fault of the
    settings, here or there, and waits for somebody to mend it, each mail for as long as it is of
    use. Nothing of the text but its code is kept: it repeats addresses.
    """
    text = said if isinstance(said, bytes) else said.encode(errors="replace")
    policy = _POLICY.search(text)
    shown = f"{code} {policy[0].decode()}" if policy else str(code)
    reason = f"{what} is refused ({shown})"
    if code < _PERMANENT:
        return MailNotSentError(reason)
    if policy or code in _SIGN_IN or (_RELAY.search(text) and not _CODED.search(text)):
        return MailNotSentError(f"{reason}: the server does not take it from us")
    return MailRefusedError(reason)
