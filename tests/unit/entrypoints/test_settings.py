from pathlib import Path

import pytest

from ecommerce.entrypoints.settings import Settings, SettingsError, environment, load
from ecommerce.entrypoints.settings_names import variable


def test_nothing_set_gives_the_defaults() -> None:
    assert load({}) == Settings()


def test_values_are_read_by_their_variables() -> None:
    settings = load(
        {
            "ECOMMERCE_PORT": "9000",
            "ECOMMERCE_DEMO": "1",
            "ECOMMERCE_DATA_DIR": "/srv/shop",
            "ECOMMERCE_CURRENCY": "JPY",
            "DATABASE_URL": "postgresql://shop@db/shop",
            "ECOMMERCE_RECEIVE_TIMEOUT_SECONDS": "2.5",
        }
    )

    assert settings.port == 9000
    assert settings.demo is True
    assert settings.data_dir == Path("/srv/shop")
    assert settings.currency == "JPY"
    assert settings.database_url == "postgresql://shop@db/shop"
    assert settings.receive_timeout_seconds == 2.5


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load({"ECOMMERCE_PORT": " ", "DATABASE_URL": ""}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ECOMMERCE_PORT", "http"),
        ("ECOMMERCE_PORT", "0"),
        ("ECOMMERCE_PORT", "65536"),
        ("ECOMMERCE_WORKERS", "0"),
        ("ECOMMERCE_WORKERS", "1.5"),
        ("ECOMMERCE_DEMO", "maybe"),
        ("ECOMMERCE_CURRENCY", "usd"),
        ("ECOMMERCE_CURRENCY", "EURO"),
        ("ECOMMERCE_LOG_LEVEL", "loud"),
        ("ECOMMERCE_PASSWORD_MIN", "7"),
        ("ECOMMERCE_STAFF_PASSWORD_MIN", "65"),
        ("ECOMMERCE_STAFF_SECOND_FACTOR", "maybe"),
        ("ECOMMERCE_SESSION_DAYS", "0"),
        ("ECOMMERCE_STEP_UP_MINUTES", "0"),
        ("ECOMMERCE_BODY_LIMIT_BYTES", "12"),
        ("ECOMMERCE_RECEIVE_TIMEOUT_SECONDS", "nan"),
        ("ECOMMERCE_RECEIVE_TIMEOUT_SECONDS", "0"),
        ("ECOMMERCE_REPLICA_MAX_LAG_SECONDS", "0"),
        ("ECOMMERCE_REPLICA_MAX_LAG_SECONDS", "soon"),
        ("ECOMMERCE_SLOW_STATEMENT_MS", "-1"),
        ("ECOMMERCE_SLOW_STATEMENT_MS", "0.5"),
        ("TRUSTED_PROXIES", "proxy.internal"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "*"),
        ("ECOMMERCE_ALLOWED_HOSTS", "https://shop.example.com"),
        ("ECOMMERCE_ALLOWED_HOSTS", "shop.example.com:443"),
        ("ECOMMERCE_ALLOWED_HOSTS", "*"),
        ("ECOMMERCE_CORS_ORIGINS", "shop.example.com"),
        ("ECOMMERCE_CORS_ORIGINS", "https://shop.example.com/"),
        ("ECOMMERCE_CORS_ORIGINS", "null"),
        ("ECOMMERCE_RATE_LIMITS", "none"),
        ("ECOMMERCE_RATE_LIMITS", "nothing=1/60"),
        ("ECOMMERCE_RATE_LIMITS", "reads=0/60"),
        ("ECOMMERCE_RATE_LIMITS", "reads=60"),
        ("ECOMMERCE_RATE_LIMITS", "reads=60/0"),
        ("ECOMMERCE_RATE_LIMIT_STORE", "valkey"),
        ("ECOMMERCE_IN_FLIGHT", "0"),
        ("ECOMMERCE_CONNECTIONS", "0"),
        ("DATABASE_URL", "mysql://shop@db/shop"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_with_what_would_be_right(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({name: value})

    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert " is not " in line or "give postgresql://" in line


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"ECOMMERCE_PORT": "x", "ECOMMERCE_WORKERS": "y"})

    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "ECOMMERCE_PORT",
        "ECOMMERCE_WORKERS",
    ]


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_REPLICA_URL"])
def test_a_wrong_database_url_is_not_repeated_since_it_holds_a_password(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"DATABASE_URL": "postgresql://shop@db/shop", name: "mysql://shop:secret@db/shop"})

    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert "secret" not in line


def test_a_replica_without_a_primary_is_refused_in_one_line() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"DATABASE_REPLICA_URL": "postgresql://shop@db-2/shop"})

    line = str(caught.value)
    assert line.startswith("DATABASE_REPLICA_URL: ")
    assert "DATABASE_URL as well" in line
    assert "\n" not in line


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("ECOMMERCE_PORT=1234\nECOMMERCE_WORKERS=3\n")
    monkeypatch.setenv("ECOMMERCE_PORT", "4321")
    monkeypatch.delenv("ECOMMERCE_WORKERS", raising=False)

    settings = load(environment(tmp_path))

    assert (settings.port, settings.workers) == (4321, 3)


def test_only_what_is_not_the_shops_own_has_a_variable_without_prefix() -> None:
    unprefixed = [
        variable(field)
        for field in Settings.__struct_fields__
        if not variable(field).startswith("ECOMMERCE_")
    ]
    assert unprefixed == ["DATABASE_URL", "DATABASE_REPLICA_URL", "TRUSTED_PROXIES"]


MAIL = {
    "ECOMMERCE_SMTP_HOST": "mail.internal",
    "ECOMMERCE_MAIL_FROM": "post@shop.example",
    "ECOMMERCE_PUBLIC_URL": "https://shop.example/de/",
}


def test_mail_goes_through_a_server_once_it_knows_from_whom_and_where_to() -> None:
    settings = load({**MAIL, "ECOMMERCE_SMTP_USER": "shop", "ECOMMERCE_SMTP_PASSWORD": "secret"})

    assert settings.links_lead_to == "https://shop.example/de"
    assert (settings.smtp_port, settings.smtp_tls) == (587, "starttls")


def test_without_one_links_lead_to_the_server_itself() -> None:
    settings = load({"ECOMMERCE_PORT": "9000", "ECOMMERCE_DATA_DIR": "/srv/shop"})

    assert settings.links_lead_to == "http://127.0.0.1:9000"
    everywhere = load({"ECOMMERCE_HOST": "0.0.0.0"})  # noqa: S104 - read, not bound
    assert everywhere.links_lead_to == "http://127.0.0.1:8000"
    assert load({"ECOMMERCE_HOST": "::1"}).links_lead_to == "http://[::1]:8000"
    assert settings.mail_folder == Path("/srv/shop/mail")


@pytest.mark.parametrize(
    ("change", "beginning"),
    [
        ({"ECOMMERCE_MAIL_FROM": ""}, "ECOMMERCE_MAIL_FROM: not set, and mail goes out"),
        ({"ECOMMERCE_PUBLIC_URL": ""}, "ECOMMERCE_PUBLIC_URL: not set, and mail goes out"),
        ({"ECOMMERCE_PUBLIC_URL": "shop.example"}, "ECOMMERCE_PUBLIC_URL: 'shop.example' is not"),
        ({"ECOMMERCE_PUBLIC_URL": "https://shop.example/#x"}, "ECOMMERCE_PUBLIC_URL: "),
        ({"ECOMMERCE_PUBLIC_URL": "https://a@shop.example"}, "ECOMMERCE_PUBLIC_URL: "),
        ({"ECOMMERCE_MAIL_FROM": "the shop"}, "ECOMMERCE_MAIL_FROM: 'the shop' is not"),
        ({"ECOMMERCE_MAIL_FROM": "Shop <a@b>"}, "ECOMMERCE_MAIL_FROM: 'Shop <a@b>' is not"),
        ({"ECOMMERCE_SMTP_USER": "shop"}, "ECOMMERCE_SMTP_USER, ECOMMERCE_SMTP_PASSWORD: one"),
        ({"ECOMMERCE_SMTP_PASSWORD": "secret"}, "ECOMMERCE_SMTP_USER, ECOMMERCE_SMTP_PASSWORD: "),
        ({"ECOMMERCE_SMTP_TLS": "maybe"}, "ECOMMERCE_SMTP_TLS: 'maybe' is not starttls"),
        ({"ECOMMERCE_SHOP_NAME": "a\nb"}, "ECOMMERCE_SHOP_NAME: "),
        (
            {
                "ECOMMERCE_SMTP_USER": "shop",
                "ECOMMERCE_SMTP_PASSWORD": "secret",
                "ECOMMERCE_SMTP_TLS": "none",
            },
            "ECOMMERCE_SMTP_TLS: none would send the password in plain text",
        ),
    ],
)
def test_mail_that_could_not_go_out_stops_the_start(change: dict[str, str], beginning: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({**MAIL, **change})

    line = str(caught.value)
    assert line.startswith(beginning)
    assert "\n" not in line
    assert "secret" not in line
