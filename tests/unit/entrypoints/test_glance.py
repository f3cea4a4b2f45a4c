"""What is understood at a glance, and what is left to the parser."""

import pytest

from ecommerce.entrypoints.glance import glance

BROWSER = (
    b"GET /v1/products?q=a%20b&limit=5 HTTP/1.1\r\n"
    b"Host: shop.test\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    b"Accept: */*\r\n"
    b"Cookie: city=M\xfcnchen\r\n"
    b"Authorization:Bearer abc\r\n"
    b"X-Empty:\r\n"
    b"\r\n"
)


def _with(header: bytes, target: bytes = b"/v1/products", method: bytes = b"GET") -> bytes:
    return method + b" " + target + b" HTTP/1.1\r\nhost: shop.test\r\n" + header + b"\r\n"


def test_a_browsers_request_is_understood() -> None:
    assert glance(BROWSER) == (False, "/v1/products")
    assert glance(_with(b"", b"/health/live", b"HEAD")) == (True, "/health/live")


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: 5\r\n",
        b"Content-Length: 0\r\n",
        b"TRANSFER-ENCODING: chunked\r\n",
        b"connection: close\r\n",
        b"Connection: keep-alive\r\n",
        b"upgrade: websocket\r\n",
        b"Expect: 100-continue\r\n",
        b"X-Request-Id: mine\r\n",
        b"Origin: https://shop.test\r\n",
    ],
)
def test_what_the_connection_or_the_answer_depends_on_is_left_to_the_parser(header: bytes) -> None:
    assert glance(_with(header)) is None
    assert glance(_with(b"accept: */*\r\n" + header)) is None
    assert glance(_with(b"my-" + header)) is not None, "another header"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        BROWSER[:-1],
        BROWSER[:-2],
        BROWSER + b"G",
        BROWSER + BROWSER,
        BROWSER + b"{}",
        b"\r\n" + BROWSER,
        BROWSER.replace(b"GET", b"POST", 1),
        BROWSER.replace(b"GET", b"get", 1),
        BROWSER.replace(b"HTTP/1.1", b"HTTP/1.0"),
        BROWSER.replace(b"/v1", b"http://shop.test/v1", 1),
        BROWSER.replace(b"/v1/products", b"/v1/prod ucts", 1),
        BROWSER.replace(b"/v1/products", b"/v1/prod\x80ucts", 1),
        BROWSER.replace(b"\r\n", b"\n"),
        BROWSER.replace(b"Accept: */*\r\n", b"Accept: */*\n"),
        BROWSER.replace(b"Accept: */*\r\n", b"Accept: */*\n\tContent-Length: 5\r\n"),
        BROWSER.replace(b"Accept: */*\r\n", b"Accept: */*\rContent-Length: 5\r\n"),
        BROWSER.replace(b"Accept: */*", b"Accept : */*"),
        BROWSER.replace(b"Accept: */*", b"Content-Length : 5"),
        BROWSER.replace(b"Accept: */*", b" Content-Length: 5"),
        BROWSER.replace(b"Accept: */*", b"Accept"),
        BROWSER.replace(b"Accept: */*", b": */*"),
        BROWSER.replace(b"Accept: */*", b"Accept: \x00"),
        BROWSER.replace(b"Accept: */*", b"Accept: \x7f"),
        BROWSER.replace(b"Accept: */*", b"Accept: " + b"a" * 4_096),
    ],
)
def test_what_is_not_one_plain_request_is_left_to_the_parser(data: bytes) -> None:
    assert glance(data) is None
