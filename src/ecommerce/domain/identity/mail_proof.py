"""Showing that one reads the mail of an account's address, and what was set up before that."""

from datetime import datetime


def proved_before(
    set_up_at: datetime | None, *, email_verified: bool, email_verified_at: datetime | None
) -> bool:
    """Whether something was set up after somebody had shown that they read the address's mail.

    What was set up before may be somebody else's, who opened the account with an address that is
    not theirs. Where an address was verified at an instant that an earlier release did not keep,
    what was set up counts as later; what is not set up yet (``None``) is nobody's.
    """
    if set_up_at is None or not email_verified:
        return False
    return email_verified_at is None or email_verified_at < set_up_at
