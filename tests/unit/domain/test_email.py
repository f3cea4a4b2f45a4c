"""Which texts are addresses, and which addresses are the same account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.domain.identity.email import Email, address_key
from ecommerce.domain.identity.errors import InvalidEmailError


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.com",
        "a@b",
        "first.last+tag@sub.example.co.uk",
        "o'brien@example.com",
        "a=b?c@example.com",
        "用户@例子.公司",
        "jörg@müller.example",
        "x" * 64 + "@example.com",
        "é" * 32 + "@example.com",
        "a@" + "b" * 63 + ".com",
        "a@" + "é" * 63 + ".com",
        "admin@localhost",
        "दीप@example.com",
    ],
)
def test_addresses_that_mail_can_go_to(text: str) -> None:
    assert Email(text).value == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.com",
        "a@b@c.com",
        "a b@example.com",
        "ada@example.com ",
        " ada@example.com",
        "ada@exam ple.com",
        "ada\n@example.com",
        "ada@example.com\nBcc: all@example.com",
        "ada\0@example.com",
        "ada\u200b@example.com",
        "ada\u202e@example.com",
        "ada\ud800@example.com",
        "ada\uff20evil@example.com",
        "ada@example..com",
        "ada@.example.com",
        "ada@example.com.",
        "ada@example\uff0ecom",
        "ada@-example.com",
        "ada@example-.com",
        "ada@[127.0.0.1]",
        '"ada"@example.com',
        "Ada <ada@example.com>",
        "a,b@example.com",
        "x" * 65 + "@example.com",
        "é" * 33 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + "é" * 64 + ".com",
        "a@" + ".".join(["b" * 60] * 5),
        "=?utf-8?q?=0d=0aBcc=3aa=40b.c?=@x.com",
        "=?utf-8?q?v=40evil.com=2c?=@x.com",
        "a=?x@example.com",
    ],
)
def test_texts_that_are_no_address(text: str) -> None:
    with pytest.raises(InvalidEmailError):
        Email(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", "ADA@EXAMPLE.COM"),
        ("kelvin@example.com", "\u212aelvin@example.com"),
        ("strasse@example.com", "straße@example.com"),
        ("STRASSE@example.com", "stra\u1e9ee@example.com"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("σ@example.com", "ς@example.com"),
        ("ada@müller.example", "Ada@MÜLLER.Example"),
        ("ada@müller.example", "ada@mu\u0308ller.example"),
        ("ada@müller.example", "ADA@XN--MLLER-KVA.EXAMPLE"),
        ("ada@straße.example", "ada@STRAẞE.example"),
        ("ada@example.σίγμασ", "ada@EXAMPLE.ΣΊΓΜΑΣ"),
        ("ada@\u212aelvin.example", "ada@kelvin.example"),
        ("straße@straße.example", "STRASSE@xn--strae-oqa.example"),
    ],
)
def test_lookalikes_are_one_account(one: str, other: str) -> None:
    assert Email(one).key == Email(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mike@example.com", "m\u0131ke@example.com"),
        ("mike@example.com", "mіke@example.com"),
        ("a.b@example.com", "ab@example.com"),
        ("ada@example.com", "ada+x@example.com"),
        ("ada@straße.example", "ada@strasse.example"),
        ("ada@σίγμας.example", "ada@σίγμασ.example"),
        ("ada@ｅｘａｍｐｌｅ.com", "ada@example.com"),
        ("ada@ﬁnance.example", "ada@finance.example"),
        ("ada@①.example", "ada@1.example"),
        ("ada@m\u0131ke.example", "ada@mike.example"),
    ],
)
def test_different_letters_are_different_accounts(one: str, other: str) -> None:
    assert Email(one).key != Email(other).key


def test_an_address_of_long_ago_stays_what_it_is() -> None:
    kept = Email.kept("=?Utf-8?q?a?=@x.com")
    assert (kept.value, kept.key) == ("=?Utf-8?q?a?=@x.com", "=?utf-8?q?a?=@x.com")


def test_mail_goes_to_the_address_as_it_was_given() -> None:
    assert Email("Ada.LOVELACE@Example.com").value == "Ada.LOVELACE@Example.com"


@pytest.mark.parametrize("text", ["Ada@Example.com", "a@XN--MLLER-KVA.example", "=?Q?=@x"])
def test_the_key_of_an_address_in_ascii_is_that_address_in_small_letters(text: str) -> None:
    assert address_key(text) == text.lower()


def test_a_key_has_the_host_as_the_dns_knows_it() -> None:
    assert Email("José@Müller.Example").key == "josé@xn--mller-kva.example"


@given(st.text(st.characters(), max_size=80), st.text(st.characters(), max_size=80))
def test_any_text_has_a_key_that_stays_what_it_is(local: str, host: str) -> None:
    key = address_key(f"{local}@{host}")
    assert address_key(key) == key


@given(st.emails())
def test_a_key_stays_what_it_is(text: str) -> None:
    try:
        email = Email(text)
    except InvalidEmailError:
        return
    assert Email(email.value).key == email.key
    assert email.key == email.key.casefold()


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        email = Email(text)
    except InvalidEmailError:
        return
    assert email.value.count("@") == 1
    assert len(email.value.encode()) <= 254
    assert "\0" not in email.value
