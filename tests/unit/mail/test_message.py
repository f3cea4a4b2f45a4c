"""What a message's headers say, byte by byte: an address is never read as anything else."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTPUTF8
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.smtp import HOST
from tests.unit.mail.test_smtp import MAIL

from ecommerce.adapters.mail.folder import FolderMailer
from ecommerce.adapters.mail.message import message_of
from ecommerce.adapters.mail.smtp import SmtpMailer, SmtpServer

HOSTILE = [
    "=?utf-8?q?=0d=0aBcc=3aa=40b.c?=@x.com",
    "=?utf-8?q?v=40evil.com=2c?=@x.com",
    "=?utf-8?q?v=40evil.com=3e=20=3c?=@x.com",
    "=?utf-8?b?DQpCY2M6IGFAYi5j?=@x.com",
    "=?utf-8?q?=0d=0aBcc=3aa=40b.c?=\u00e9@x.com",
]
PARTS = ["=?utf-8?q?", "=?utf-8?b?", "=?idna?q?", "=?hex?q?", "?=", "=0d", "=0a", "=40", "=22", "."]


def headers_of(content: bytes) -> list[bytes]:
    return content.partition(b"\r\n\r\n")[0].split(b"\r\n")


def written(to: str, shop: str = "Teapots & Co") -> bytes:
    return bytes(message_of(replace(MAIL, to=to), sender="shop@shop.test", shop=shop))


@asynccontextmanager
async def any_server() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that takes whatever it is told, and its port and every line that it heard."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        in_data = False
        while line := await reader.readline():
            heard.append(line.rstrip(b"\r\n"))
            if in_data and line != b".\r\n":
                continue
            in_data = line == b"data\r\n"
            answers = {
                b"ehlo": b"250-hi\r\n250 SMTPUTF8",
                b"data": b"354 go on",
                b"QUIT": b"221 bye",
            }
            writer.write(answers.get(line[:4], b"250 OK") + b"\r\n")
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, HOST) as server:
        yield server.sockets[0].getsockname()[1], heard


@pytest.mark.parametrize("address", HOSTILE)
async def test_an_address_is_written_as_it_is_by_both_ways(address: str, tmp_path: Path) -> None:
    mail, plain = replace(MAIL, to=address), address.encode()
    async with any_server() as (port, heard):
        server = SmtpServer(host=HOST, port=port, encryption="none")
        await SmtpMailer(server, sender="shop@shop.test", shop="Teapots").send(mail)
    await FolderMailer(tmp_path, sender="shop@shop.test", shop="Teapots").send(mail)
    (file,) = await asyncio.to_thread(lambda: list(tmp_path.iterdir()))
    sent = b"\r\n".join(heard[heard.index(b"data") + 1 :])
    assert [line for line in heard if line.startswith(b"rcpt")] == [b"rcpt TO:<" + plain + b">"]
    for headers in headers_of(sent), headers_of(file.read_bytes()):
        assert [line for line in headers if line.lower().startswith((b"to", b"bcc"))] == [
            b"To: " + plain
        ]


@given(
    st.lists(st.sampled_from(PARTS) | st.sampled_from("abz!#$%&'*+/=^_`{|}~-\u00e9"), max_size=12)
)
def test_any_address_is_one_line(parts: list[str]) -> None:
    address = f"{''.join(parts)}a@x.com"
    headers = headers_of(written(address))
    assert headers[1] == b"To: " + address.encode()
    assert len(headers) == len(headers_of(written("ada@x.com")))
    assert smtplib.quoteaddr(address) == f"<{address}>"


@pytest.mark.parametrize("address", ["a@x.com\r\nBcc: b@x.com", "a@x.com\n", "a\0@x.com"])
def test_what_is_more_than_a_line_is_not_written(address: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        written(address)


def test_headers_are_ascii_where_the_address_is() -> None:
    content = written("ada@example.com", shop="T\u00e9apots")
    assert b"\r\n".join(headers_of(content)).isascii()
    message = message_from_bytes(content, policy=SMTPUTF8)
    assert message["From"] == "T\u00e9apots <shop@shop.test>"
    assert message["Subject"] == MAIL.subject


def test_headers_are_utf_8_where_the_sender_needs_it() -> None:
    content = bytes(message_of(MAIL, sender="josé@shop.test", shop="Teapots"))
    assert headers_of(content)[0] == "From: Teapots <josé@shop.test>".encode()


def test_headers_are_utf_8_where_the_address_needs_it() -> None:
    content = written("jos\u00e9@example.com")
    assert "To: jos\u00e9@example.com".encode() in headers_of(content)
    assert f"Subject: {MAIL.subject}".encode() in headers_of(content)
