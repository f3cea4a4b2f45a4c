"""What an owner would call the same client, and how one is told of."""

import hashlib

import pytest

from ecommerce.domain.identity.client import MAX_USER_AGENT, Client

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER = FIREFOX.replace("140.0", "141.0.2")
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Client(FIREFOX, "203.0.113.7"), Client(NEWER, "203.0.113.200")),
        (Client(FIREFOX, "2001:db8:1:2::3"), Client(FIREFOX, "2001:db8:1:ffff::9")),
        (Client(None, None), Client("", "not an address")),
    ],
)
def test_these_are_the_same(one: Client, other: Client) -> None:
    assert one.key == other.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Client(FIREFOX, "203.0.113.7"), Client(FIREFOX, "203.0.114.7")),
        (Client(FIREFOX, "203.0.113.7"), Client(CHROME, "203.0.113.7")),
        (Client(FIREFOX, "2001:db8:1::3"), Client(FIREFOX, "2001:db8:2::3")),
        (Client(FIREFOX, None), Client(FIREFOX, "203.0.113.7")),
    ],
)
def test_these_are_not(one: Client, other: Client) -> None:
    assert one.key != other.key


def test_what_is_remembered_of_a_client_stays_what_it_is() -> None:
    # Kept in databases: another form of it would tell every owner of a new sign-in.
    for client, kept in (
        (Client(), "\0"),
        (Client("curl/8.1", "203.0.113.7"), "curl/\x00203.0.113.0/24"),
        (Client("curl/8.1", "2001:db8:1:2::3"), "curl/\x002001:db8:1::/48"),
    ):
        assert client.key == hashlib.sha256(kept.encode()).digest()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/141.0", "Edge on Windows"),
        ("curl/8.1", "curl"),
        ("python-httpx/0.28", "a Python program"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iOS"),
        (None, "an unknown client"),
        ("You won! Visit http://evil.example now", "an unknown client"),
        ("http://evil.example (Windows)", "an unknown client on Windows"),
    ],
)
def test_a_client_is_told_of_in_words_of_our_own(said: str | None, name: str) -> None:
    assert Client(said).name == name


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8::0:1", "2001:db8::1"),
        (None, "an unknown address"),
        ("http://evil.example", "an unknown address"),
    ],
)
def test_so_is_its_address(address: str | None, place: str) -> None:
    assert Client(None, address).place == place


def test_what_it_calls_itself_is_cut_and_kept_on_a_line() -> None:
    assert Client("a\r\nb\x00c\u2028d  e").user_agent == "a b c d e"
    assert Client("\n").user_agent is None
    assert Client("x" * 5_000).user_agent == "x" * MAX_USER_AGENT
