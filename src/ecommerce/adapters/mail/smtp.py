"""Mail through an SMTP server (RFC 5321)."""

import asyncio
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Literal

from ecommerce.adapters.mail.aside import aside
from ecommerce.adapters.mail.bounded import PlainSmtp, TlsSmtp
from ecommerce.adapters.mail.hosts import on_the_wire
from ecommerce.adapters.mail.message import message_of
from ecommerce.adapters.mail.refusals import refusal
from ecommerce.application.shared.mail import Mail, MailNotSentError
from ecommerce.application.shared.relay_mail import AT_ONCE

Encryption = Literal["starttls", "tls", "none"]
"""STARTTLS (RFC 3207) on a plain connection, TLS from the start (RFC 8314), or neither."""

_AT_A_TIME: Final = AT_ONCE
"""Connections at once: a mail server that hangs holds no more."""

_PARTING: Final = 2.0
"""Seconds for the server to say goodbye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed over, and how."""

    host: str
    port: int = 587
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encryption: Encryption = "starttls"
    seconds: float = 15.0
    """How long one step may take."""

    whole_seconds: float = 90.0
    """How long handing one mail over may take: far less than it is kept from other processes."""


class SmtpMailer:
    """Hands each mail over on a connection of its own, apart from the event loop.

    A server that does not offer STARTTLS, or whose certificate does not hold, gets no mail: there
    is no way back to plain text. Nothing that a mail says is logged, nor in any error.
    """

    def __init__(
        self, server: SmtpServer, *, sender: str, shop: str, trust: ssl.SSLContext | None = None
    ) -> None:
        self._server: Final = server
        self._sender: Final = sender
        self._shop: Final = shop
        self._trust: Final = trust or ssl.create_default_context()
        self._few: Final = asyncio.Semaphore(_AT_A_TIME)

    async def send(self, mail: Mail) -> None:
        """Hand it over, or say whether trying again makes sense."""
        message = message_of(mail, sender=self._sender, shop=self._shop)
        recipient = on_the_wire(mail.to)
        end_at = self._end()
        try:
            async with self._few:
                await aside(lambda: self._hand_over(message, recipient, end_at))
        except smtplib.SMTPRecipientsRefused as error:
            code, said = max(error.recipients.values(), default=(0, b""))
            raise refusal("the recipient", code, said) from error
        except smtplib.SMTPDataError as error:
            raise refusal("the message", error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            # Signing in, the sender, the greeting: a fault of the settings or the server, not of
            # the mail, so it waits for somebody to mend it.
            raise MailNotSentError(f"the server answers {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise MailNotSentError(_reason(error)) from error

    def check(self) -> None:
        """See whether the server would take mail, or raise ``MailNotSentError``."""
        try:
            with self._connected(self._end()) as connection:
                connection.noop()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise MailNotSentError(_reason(error)) from error

    def _end(self) -> float:
        return time.monotonic() + self._server.whole_seconds

    def _hand_over(self, message: EmailMessage, recipient: str, end_at: float) -> None:
        with self._connected(end_at) as connection:
            connection.send_message(message, self._sender, [recipient])

    @contextmanager
    def _connected(self, end_at: float) -> Iterator[smtplib.SMTP]:
        server, connection = self._server, self._connect(end_at)
        try:
            if server.encryption == "starttls":
                connection.starttls(context=self._trust)
            if server.user is not None:
                connection.login(server.user, server.password or "")
            yield connection
        finally:
            _part(connection)

    def _connect(self, end_at: float) -> smtplib.SMTP:
        server = self._server
        host, port, timeout = server.host, server.port, server.seconds
        if server.encryption == "tls":
            return TlsSmtp(host, port, timeout=timeout, end_at=end_at, context=self._trust)
        return PlainSmtp(host, port, timeout=timeout, end_at=end_at)


def _part(connection: smtplib.SMTP) -> None:
    """Say goodbye: what was taken is taken, whatever the server says to that."""
    try:
        if connection.sock is not None:
            connection.sock.settimeout(_PARTING)
        connection.quit()
    except (smtplib.SMTPException, OSError, ValueError):
        connection.close()


def _reason(error: Exception) -> str:
    """What went wrong; other errors than these may repeat what was to be sent."""
    name = type(error).__name__
    plain = isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
    if plain or isinstance(error, smtplib.SMTPNotSupportedError | smtplib.SMTPServerDisconnected):
        return f"{name}: {' '.join(str(error).split())[:200]}"
    return name
