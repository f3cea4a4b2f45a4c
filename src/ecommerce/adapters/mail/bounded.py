"""SMTP sessions that end in time, however slowly the server speaks."""

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress

from typing_extensions import Buffer, override


class BoundedSmtp(smtplib.SMTP):
    """A session that is cut at an instant of the monotonic clock, whatever it is at then.

    A limit for each step does not do: a server that says a little each time never ends.
    """

    end_at: float
    _line: socket.socket | None = None
    _timer: threading.Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        taken: socket.socket = super()._get_socket(  # type: ignore[misc]  # typeshed leaves it out
            host, port, max(min(timeout, self.left), 0.001)
        )
        # TLS takes the socket's place later on; a second handle on it stays what it is.
        self._line = taken.dup()
        self._timer = threading.Timer(self.left, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return taken

    @property
    def left(self) -> float:
        """Seconds until the end."""
        return max(self.end_at - time.monotonic(), 0.0)

    @override
    def data(self, msg: Buffer | str) -> tuple[int, bytes]:
        """Hand the message over. Who has all of it may take until the end to say so: if that were
        not waited for, it would be sent again.
        """
        if self.sock is not None:
            self.sock.settimeout(max(self.left, 0.001))
        return super().data(msg)

    @override
    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().close()
        if self._line is not None:
            self._line.close()

    def _cut(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


class PlainSmtp(BoundedSmtp):
    """From a plain connection, on which STARTTLS may follow."""

    def __init__(self, host: str, port: int, *, timeout: float, end_at: float) -> None:
        self.end_at = end_at
        super().__init__(host, port, timeout=timeout)


class TlsSmtp(smtplib.SMTP_SSL, BoundedSmtp):
    """With TLS from the start."""

    def __init__(
        self, host: str, port: int, *, timeout: float, end_at: float, context: ssl.SSLContext
    ) -> None:
        self.end_at = end_at
        super().__init__(host, port, timeout=timeout, context=context)
