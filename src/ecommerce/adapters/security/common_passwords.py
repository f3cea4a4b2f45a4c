"""The passwords that everybody tries first."""

from typing import Final

from ecommerce.domain.identity.passwords import MIN_PASSWORD_LENGTH
from ecommerce.domain.shared.text import composed


class ZxcvbnCommonPasswords:
    """Those of the 30,000 commonest passwords (the zxcvbn library's list) that are long enough."""

    def __init__(self) -> None:
        # Imported here: the library's lists take a moment to load and few commands need them.
        from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

        self._folded: Final = frozenset(
            folded
            for password in FREQUENCY_LISTS["passwords"]
            if len(folded := composed(str(password).casefold())) >= MIN_PASSWORD_LENGTH
        )

    def contain(self, folded: str) -> bool:
        """Look the password up."""
        return folded in self._folded
