"""Whether a key is good at an instant: by what is known of it and of the account that made it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from tests.support.identity import START

from ecommerce.application.identity.queries import KeyHolder, Standing
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, UserId

END: Final = START + timedelta(days=30)
A_MOMENT: Final = timedelta(milliseconds=1)
KEY: Final = KeyHolder(
    key_id=ApiKeyId(UUID(int=1)),
    account=Standing(
        user_id=UserId(UUID(int=7)),
        role=Role.STAFF,
        disabled=False,
        given=frozenset(),
        has_second_factor=False,
    ),
    permissions=frozenset({"catalog:write"}),
    expires_at=END,
    revoked_at=None,
    last_used_at=None,
)


def test_a_key_is_good_until_it_ends() -> None:
    assert KEY.is_good(START)
    assert KEY.is_good(END - A_MOMENT)
    assert not KEY.is_good(END)
    assert not KEY.is_good(END + A_MOMENT)


def test_a_key_that_was_revoked_or_whose_maker_may_not_sign_in_is_good_no_more() -> None:
    assert not replace(KEY, revoked_at=START).is_good(START)
    assert not replace(KEY, account=replace(KEY.account, disabled=True)).is_good(START)
