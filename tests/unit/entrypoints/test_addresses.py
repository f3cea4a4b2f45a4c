"""Addresses with a password in them: refused where they cannot be meant so, and named without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.entrypoints.addresses import (
    named,
    named_cache,
    wrong_with_cache,
    wrong_with_database,
)
from ecommerce.entrypoints.settings import SettingsError, load


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://shop:secret@db:5432/shop", "db:5432/shop"),
        ("postgresql://shop@db", "db"),
        ("postgresql://shop:secret@h1:1,h2:7541/shop", "h1:1,h2:7541/shop"),
        ("postgresql://shop:secret@h1,h2/shop?port=7", "h1:7,h2:7/shop"),
        ("postgresql://shop:secret@[::1]:5432/shop", "[::1]:5432/shop"),
        ("postgresql://shop@db.internal.:5432/shop", "db.internal.:5432/shop"),
        ("postgresql://shop:sec?ret@db/shop", "db/shop"),
        ("postgresql://db/shop?password=secret", "db/shop"),
        ("postgresql://postgres:@/shop?host=/run/sockets", "/run/sockets/shop"),
        ("postgres:///shop", "the local socket/shop"),
    ],
)
def test_a_database_is_named_without_who_signs_in(url: str, name: str) -> None:
    assert wrong_with_database(url) is None
    assert named(url) == name


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://shop@db:abc/shop",
        "postgresql://shop@db:0/shop",
        "postgresql://shop@db:65536/shop",
        "postgresql://shop@h1,h2,h3/shop?port=1,2",
        "postgresql://shop@a..b/shop",
        "postgresql://shop@a\u3002\u3002b/shop",
        f"postgresql://shop@{'a' * 64}/shop",
        "postgresql://shop@[::1/shop",
        "postgresql://shop@db/shop?pasword=hunter2",
        "postgresql://shop:hunter2/rest@db/shop",
        "postgresql://shop:12/hunter2@db/shop",
        "postgresql://shop:12@hunter2@db/shop",
        "postgresql://shop:hunter2%zz@db/shop",
        "postgresql://shop:hunter2%ff@db/shop",
        "postgresql://shop:12?hunter2/x@db/shop",
    ],
)
def test_an_address_that_cannot_be_meant_so_is_refused_and_never_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({"DATABASE_URL": url})
    (line,) = str(refused.value).splitlines()
    assert line.startswith("DATABASE_URL: ")
    assert line.endswith("give postgresql://user:password@host:5432/database")
    assert named(url) == "an address that cannot be read"
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("valkey://host:6379/0", "host:6379/0"),
        ("rediss://shop:secret@host/1?password=secret", "host/1"),
        ("unix:///run/valkey.sock?db=1", "/run/valkey.sock"),
    ],
)
def test_a_cache_is_named_without_who_signs_in(url: str, name: str) -> None:
    assert wrong_with_cache(url) is None
    assert named_cache(url) == name


@pytest.mark.parametrize(
    "url",
    ["valkey://host:notaport/0", "valkey://:hunter2/x@host/0", "valkey://:1/hunter2@host/0",
     "valkey://:1?hunter2@host/0", "valkey://:1@hunter2@host/0", "valkey://host:0/0", "valkey://[::1/0"],
)  # fmt: skip
def test_a_caches_address_that_cannot_be_meant_so_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^ECOMMERCE_CACHE_URL: .*valkey://host") as refused:
        load({"ECOMMERCE_CACHE_URL": url})
    assert "hunter2" not in str(refused.value)
    assert named_cache(url) == "an address that cannot be read"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_any_text_has_a_name(text: str) -> None:
    for url in (text, f"postgresql://{text}", f"postgresql://shop:{text}@db:5432/shop"):
        assert named(url)
    assert named_cache(f"valkey://{text}")


@given(st.text("aZ9/@:?#%[],&=", max_size=12))
def test_no_part_of_a_password_is_in_the_name(middle: str) -> None:
    for name in (
        named(f"postgresql://shop:xQ{middle}Qx@db:5432/shop"),
        named_cache(f"valkey://shop:xQ{middle}Qx@db:6379/0"),
    ):
        assert "xQ" not in name
        assert "Qx" not in name
