"""Requests that would rather speak another protocol: served as if they had not said so.

A server may ignore ``Upgrade`` (RFC 9110, 7.8), and the request stays a request with all of its
body. llhttp, the parser, takes whatever comes behind such a head for the other protocol: what a
client sent as a body would be read as the next request. Nor does it take anything more behind a
head that ends its connection, so that what is left without ``Upgrade`` gets a parser of its own.
"""

from collections.abc import Iterable

import httptools


def without_upgrade(
    parser: httptools.HttpRequestParser, url: bytes, headers: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """The head that was read, but for the header that asks for another protocol."""
    lines = [b"%b %b HTTP/%b" % (parser.get_method(), url, parser.get_http_version().encode())]
    lines += [b"%b: %b" % header for header in headers if header[0] != b"upgrade"]
    return b"\r\n".join((*lines, b"", b""))


def fresh_parser(protocol: object) -> httptools.HttpRequestParser:
    """One that has read nothing yet, and reads as uvicorn's does."""
    parser = httptools.HttpRequestParser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser
