"""Mail servers that take their time: no session lasts, and what was taken is not sent again."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from tests.support.smtp import HOST
from tests.unit.mail.test_smtp import MAIL

from ecommerce.adapters.mail import smtp
from ecommerce.adapters.mail.smtp import SmtpMailer, SmtpServer
from ecommerce.application.shared.mail import MailNotSentError
from ecommerce.application.shared.relay_mail import HELD

Speak = Callable[[socket.socket, str], None]


def say(client: socket.socket, step: str) -> None:
    """What a server says to a step."""
    answer = {"": "220 x", "DATA": "354 go", ".": "250 taken", "QUIT": "221 bye"}
    client.sendall(f"{answer.get(step, '250 ok')}\r\n".encode())


def dripping(at: str) -> Speak:
    """A little now and then, for ever, from that step on."""

    def speak(client: socket.socket, step: str) -> None:
        while step == at:
            client.sendall(b"250-x\r\n" if at else b"220-x\r\n")
            time.sleep(0.05)
        say(client, step)

    return speak


def slow_to_take(client: socket.socket, step: str) -> None:
    """Far longer than a step may take, once it has the message."""
    if step == ".":
        time.sleep(0.8)
    say(client, step)


def silent_in_parting(client: socket.socket, step: str) -> None:
    """Nothing at all once it was told that this is the end."""
    if step == "QUIT":
        time.sleep(20)
    say(client, step)


@contextmanager
def server(speak: Speak) -> Iterator[int]:
    """A server that speaks so."""
    with socket.create_server((HOST, 0)) as listening:
        threading.Thread(target=_serve, args=(listening, speak), daemon=True).start()
        yield int(listening.getsockname()[1])


def _serve(listening: socket.socket, speak: Speak) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            with client, suppress(OSError):
                speak(client, "")
                in_message = False
                for line in client.makefile("rb"):
                    step = line.decode().split()[0].upper() if line.strip() else ""
                    if in_message and line != b".\r\n":
                        continue
                    in_message = step == "DATA"
                    speak(client, step)


def mailer(port: int, *, seconds: float = 0.3, whole: float = 1.0) -> SmtpMailer:
    there = SmtpServer(
        host=HOST, port=port, encryption="none", seconds=seconds, whole_seconds=whole
    )
    return SmtpMailer(there, sender="shop@shop.test", shop="Teapots")


@pytest.mark.parametrize("at", ["", "EHLO", "MAIL", "RCPT", "."])
async def test_a_server_that_drips_is_left(at: str) -> None:
    with server(dripping(at)) as port:
        begun = time.monotonic()
        with pytest.raises(MailNotSentError):
            await mailer(port).send(MAIL)
        assert 0.5 < time.monotonic() - begun < 5


@pytest.mark.parametrize("at", ["", "NOOP"])
def test_nobody_who_looks_waits_for_ever(at: str) -> None:
    with server(dripping(at)) as port, pytest.raises(MailNotSentError):
        mailer(port).check()


async def test_a_drip_in_parting_does_not_count() -> None:
    with server(dripping("QUIT")) as port:
        await mailer(port).send(MAIL)


async def test_a_server_that_says_no_goodbye_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "_PARTING", 0.2)
    with server(silent_in_parting) as port:
        begun = time.monotonic()
        await mailer(port, seconds=8.0, whole=10.0).send(MAIL)
        assert time.monotonic() - begun < 5


async def test_a_server_that_has_the_message_may_take_until_the_end_to_say_so() -> None:
    with server(slow_to_take) as port:
        await mailer(port, seconds=0.3, whole=5.0).send(MAIL)


def test_a_mail_is_held_for_longer_than_sending_it_can_take() -> None:
    assert timedelta(seconds=SmtpServer(host=HOST).whole_seconds) * 2 <= HELD
