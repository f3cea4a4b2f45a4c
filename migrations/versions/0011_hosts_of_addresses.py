"""What makes two addresses the same account has the host as the DNS knows it."""

import unicodedata
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from ecommerce.adapters.postgres.concurrent_indexes import build_index

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NOT_ASCII = sa.text(
    "SELECT id, email, email_key FROM user_account WHERE octet_length(email) > char_length(email)"
)
_ACCOUNT = sa.text(
    "UPDATE user_account SET email_key = :key WHERE id = :id AND email_key = :before"
    " AND NOT EXISTS (SELECT FROM user_account WHERE email_key = :key)"
)
_TOKENS = sa.text(
    "UPDATE mailed_token SET email_key = :key WHERE user_id = :id AND email_key = :before"
)


def upgrade() -> None:
    """Go up: the keys of addresses whose host is not in ASCII, which are few, and no others.

    Until it is replaced, an instance of the previous release does not find these accounts by their
    address, and does by their sessions; what it writes, the next release renews while it serves. Of
    two accounts that turn out to have the same address, the one in Unicode keeps its former key, and
    is found by it no more.
    """
    _write(_key)
    build_index(
        "user_account_host_idx",
        "user_account",
        ["id"],
        where="octet_length(split_part(email, '@', 2)) > char_length(split_part(email, '@', 2))",
    )


def downgrade() -> None:
    """Go down; where two hosts would be one again, the key stays."""
    op.drop_index("user_account_host_idx", "user_account")
    _write(_former_key)


def _write(key_of: Callable[[str], str]) -> None:
    connection = op.get_bind()
    for account, email, before in connection.execute(_NOT_ASCII).all():
        key = key_of(email)
        if key == before:
            continue
        values = {"id": account, "key": key, "before": before}
        if connection.execute(_ACCOUNT, values).rowcount:
            connection.execute(_TOKENS, values)


def _key(email: str) -> str:
    local, _, host = email.rpartition("@")
    lowered = _nfc("".join(letter.lower() for letter in _nfc(host)))
    labels = (
        label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
        for label in lowered.split(".")
    )
    return f"{_former_key(local)}@{'.'.join(labels)}"


def _former_key(text: str) -> str:
    return text.lower() if text.isascii() else _nfc(_nfc(text).casefold())


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
