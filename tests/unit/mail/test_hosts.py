"""Which hosts mail can go to, and that an account's key names the very host its mail goes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.mail.hosts import IdnaHosts
from ecommerce.domain.identity.email import address_key

in_ascii = IdnaHosts().in_ascii

LETTERS = st.characters(categories=["Ll", "Lu", "Lo", "Lm", "Mn", "Mc", "Nd"])
HOSTS = st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=3).map(".".join)


@pytest.mark.parametrize(
    ("host", "known_as"),
    [
        ("straße.de", "xn--strae-oqa.de"),
        ("STRAẞE.de", "xn--strae-oqa.de"),
        ("Faß.Example", "xn--fa-hia.example"),
        ("mu\u0308ller.example", "xn--mller-kva.example"),
        ("σίγμας.gr", "xn--kxaef0b5ab.gr"),
        ("example.ΣΊΓΜΑΣ", "example.xn--kxaef0b6ae"),
        ("例子.公司", "xn--fsqu00a.xn--55qx5d"),
        ("Example.com", "Example.com"),
        ("r3---sn.example", "r3---sn.example"),
        ("r3---sn.müller.example", "r3---sn.xn--mller-kva.example"),
    ],
)
def test_hosts_as_mail_servers_know_them(host: str, known_as: str) -> None:
    assert in_ascii(host) == known_as


@pytest.mark.parametrize(
    "host",
    [
        "ｅｘａｍｐｌｅ.com",
        "①.com",
        "²x.com",
        "ⅷ.com",
        "ﬁnance.com",
        "exa\u00adple.com",
        "é。com",
        "xn--é.com",
        "-é.com",
        "aא.com",
        "é" * 63 + ".com",
        ".".join(["é" * 50] * 5),
    ],
)
def test_hosts_that_no_mail_can_go_to(host: str) -> None:
    assert in_ascii(host) is None


@given(HOSTS)
def test_a_key_names_the_host_that_mail_goes_to(host: str) -> None:
    encoded = in_ascii(host)
    if encoded is not None:
        assert address_key(f"é@{host}") == f"é@{encoded.lower()}"
        assert address_key(f"ada@{host}") == f"ada@{encoded.lower()}"
