"""Whose word is taken on where a request comes from."""

from collections.abc import Mapping, Sequence

import pytest

from ecommerce.entrypoints.http.client_address import UNKNOWN, Proxies, Seen, client_group

TRUSTED = Proxies.parse("10.0.0.0/8, 192.0.2.7, 2001:db8:ffff::/48")


def seen(
    peer: str | None,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    of: Proxies = TRUSTED,
) -> Seen:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    raw = [(name.encode(), value.encode("latin-1")) for name, value in pairs]
    return of.seen(peer, "http", raw)


def test_nobody_is_trusted_unless_named() -> None:
    told = seen("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, Proxies())
    assert told == Seen("127.0.0.1", "http", unheeded=True)
    assert seen("127.0.0.1", of=Proxies()) == Seen("127.0.0.1", "http")


def test_a_stranger_is_not_believed() -> None:
    told = seen("203.0.113.9", {"x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "https"})
    assert told == Seen("203.0.113.9", "http", unheeded=True)


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.1.1.1, 192.0.2.7", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("10.2.2.2, 10.1.1.1", "10.2.2.2"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 2001:db8:ffff::1", "203.0.113.9"),
        ("203.0.113.9, unknown", "10.0.0.1"),
        ("203.0.113.9, not an address, 10.1.1.1", "10.1.1.1"),
        ("203.0.113.9,", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("999.1.1.1", "10.0.0.1"),
        ("127.1", "10.0.0.1"),
        ("' OR 1=1 --", "10.0.0.1"),
    ],
)
def test_hops_are_walked_from_the_right_as_long_as_they_are_trusted(
    chain: str, client: str
) -> None:
    assert seen("10.0.0.1", {"x-forwarded-for": chain}).address == client


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("for=203.0.113.9", Seen("203.0.113.9", "http")),
        ("For=203.0.113.9;Proto=HTTPS;Host=shop.test", Seen("203.0.113.9", "https", "shop.test")),
        ('for="[2001:db8::1]:443";proto=https', Seen("2001:db8::1", "https")),
        ('for="203.0.113.9:80"', Seen("203.0.113.9", "http")),
        ("for=198.51.100.1, for=203.0.113.9;proto=https", Seen("203.0.113.9", "https")),
        ("for=203.0.113.9;proto=https, for=10.1.1.1;proto=http", Seen("203.0.113.9", "https")),
        ('for="a, b", for=203.0.113.9', Seen("203.0.113.9", "http")),
        ('for="_hid\\"den", for=203.0.113.9', Seen("203.0.113.9", "http")),
        ("for=_hidden", Seen("10.0.0.1", "http")),
        ("for=unknown", Seen("10.0.0.1", "http")),
        ("for=203.0.113.9;for=198.51.100.1", Seen("10.0.0.1", "http")),
        ("proto=https", Seen("10.0.0.1", "http")),
        ("for=203.0.113.9;proto=gopher", Seen("203.0.113.9", "http")),
        ('for="203.0.113.9', Seen("10.0.0.1", "http")),
        (";;==,,", Seen("10.0.0.1", "http")),
        ("\xff\x00", Seen("10.0.0.1", "http")),
    ],
)
def test_forwarded_is_read_as_the_standard_has_it(value: str, expected: Seen) -> None:
    assert seen("10.0.0.1", {"forwarded": value}) == expected


@pytest.mark.parametrize(
    "invented", [{"forwarded": "for=198.51.100.1"}, {"x-forwarded-for": "198.51.100.1"}]
)
def test_who_invents_the_header_that_the_proxy_does_not_write_is_not_believed(
    invented: Mapping[str, str],
) -> None:
    honest = {"forwarded": "for=203.0.113.9", "x-forwarded-for": "203.0.113.9"}
    assert seen("10.0.0.1", honest).address == "203.0.113.9"
    assert seen("10.0.0.1", {**honest, **invented}).address == "10.0.0.1"


def test_a_host_that_only_one_of_both_headers_names_is_not_believed() -> None:
    told = {
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-proto": "https",
        "forwarded": "for=203.0.113.9;host=shop.test",
    }
    assert seen("10.0.0.1", told) == Seen("203.0.113.9", "https")
    both = {**told, "x-forwarded-host": "shop.test"}
    assert seen("10.0.0.1", both) == Seen("203.0.113.9", "https", "shop.test")
    torn = {**both, "forwarded": "for=203.0.113.9;host=shop.test;proto=http"}
    assert seen("10.0.0.1", torn) == Seen("203.0.113.9", "http", "shop.test")
    torn = {**both, "forwarded": "for=203.0.113.9;host=other.test"}
    assert seen("10.0.0.1", torn).host is None


def test_several_lines_are_one_list() -> None:
    lines = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.9")]
    assert seen("10.0.0.1", lines).address == "203.0.113.9"


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("https", "https"),
        ("http, https", "https"),
        ("HTTPS", "https"),
        ("ftp", "http"),
        ("", "http"),
    ],
)
def test_the_scheme_is_the_one_of_the_hop(scheme: str, expected: str) -> None:
    told = {"x-forwarded-for": "198.51.100.1, 203.0.113.9", "x-forwarded-proto": scheme}
    assert seen("10.0.0.1", told).scheme == expected


def test_one_scheme_for_the_whole_chain_is_the_clients() -> None:
    told = {"x-forwarded-for": "203.0.113.9, 10.1.1.1, 10.2.2.2", "x-forwarded-proto": "https"}
    assert seen("10.0.0.1", told) == Seen("203.0.113.9", "https")


def test_a_chain_of_any_length_is_bounded() -> None:
    told = {"x-forwarded-for": ", ".join(["10.1.1.1"] * 100_000)}
    assert seen("10.0.0.1", told).address == "10.1.1.1"


@pytest.mark.parametrize("peer", [None, "", "socket"])
def test_a_connection_without_an_address_is_unknown(peer: str | None) -> None:
    assert seen(peer, {"x-forwarded-for": "203.0.113.9"}) == Seen(UNKNOWN, "http", unheeded=True)


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_subscribers_ipv6_addresses_are_one_client(address: str, group: str) -> None:
    assert client_group(address) == group
