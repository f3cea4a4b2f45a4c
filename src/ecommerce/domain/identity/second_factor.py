"""The second factor: codes that an authenticator makes of a shared secret and the time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from ecommerce.domain.identity.access_errors import (
    SecondFactorExistsError,
    SecondFactorPausedError,
)
from ecommerce.domain.shared.ids import UserId

RECOVERY_CODES: Final = 10
_FREE_MISTAKES: Final = 10
_LONGEST_PAUSE: Final = 3_600

AskedAt: TypeAlias = Literal["sign_in", "step_up"]
"""Where a code is asked for."""


@dataclass(slots=True, eq=False, kw_only=True)
class SecondFactor:
    """One account's second factor, which counts once it was confirmed with a code.

    The secret is sealed; recovery codes are kept as hashes, those that are left. A code is of a
    step of time, and no step at or before the last used one is good again. After ten wrong codes in
    a row each further one is followed by a pause, twice as long each time, up to an hour: a year of
    guessing then finds a code once in forty times. A recovery code is looked at all the same.

    Wrong codes of step-ups are counted apart, with pauses of their own: so only somebody who knows
    the password can cause one at the sign-in, and whoever has stolen tokens alone can not. Its
    owner, who signs in, has proved thereby what a step-up in a pause would.
    """

    user_id: UserId
    sealed_secret: bytes
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int | None = None
    recovery_hashes: frozenset[bytes] = frozenset()
    failures: int = 0
    failed_at: datetime | None = None
    step_up_failures: int = 0
    step_up_failed_at: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether signing in asks for it."""
        return self.confirmed_at is not None

    def confirm(self, step: int, recovery_hashes: Iterable[bytes], now: datetime) -> None:
        """Have it asked for from now on; the code that proved it is used up."""
        if self.is_confirmed:
            raise SecondFactorExistsError("The account has a second factor.")
        self.confirmed_at = now
        self.last_step = step
        self.recovery_hashes = frozenset(recovery_hashes)
        self.failures = self.step_up_failures = 0

    def check_not_paused(self, now: datetime, asked_at: AskedAt = "sign_in") -> None:
        """Refuse to look at a code during a pause, with ``SecondFactorPausedError``."""
        failures, failed_at = self.failures, self.failed_at
        if asked_at == "step_up":
            failures, failed_at = self.step_up_failures, self.step_up_failed_at
        if failures < _FREE_MISTAKES or failed_at is None:
            return
        pause = min(2 ** min(failures - _FREE_MISTAKES, 20), _LONGEST_PAUSE)
        left = failed_at + timedelta(seconds=pause) - now
        if left > timedelta(0):
            raise SecondFactorPausedError(
                "Too many wrong codes were sent.", retry_after=max(1, -(-left // _SECOND))
            )

    def use_step(self, step: int | None, now: datetime, asked_at: AskedAt = "sign_in") -> bool:
        """Use the code of a step up (``None``: it was of none); whether it was good."""
        if step is None or (self.last_step is not None and step <= self.last_step):
            self._count_wrong(now, asked_at)
            return False
        self.last_step = step
        self._forget_wrong(asked_at)
        return True

    def use_recovery_code(self, code_hash: bytes, asked_at: AskedAt = "sign_in") -> bool:
        """Use a recovery code up; whether it was one that was left."""
        if code_hash not in self.recovery_hashes:
            return False
        self.recovery_hashes -= {code_hash}
        self._forget_wrong(asked_at)
        return True

    def replace_recovery_codes(self, recovery_hashes: Iterable[bytes]) -> None:
        """Have other recovery codes; those from before are worth nothing."""
        self.recovery_hashes = frozenset(recovery_hashes)

    def _count_wrong(self, now: datetime, asked_at: AskedAt) -> None:
        if asked_at == "step_up":
            self.step_up_failures += 1
            self.step_up_failed_at = now
        else:
            self.failures += 1
            self.failed_at = now

    def _forget_wrong(self, asked_at: AskedAt) -> None:
        if asked_at == "step_up":
            self.step_up_failures = 0
        else:
            self.failures = 0


_SECOND: Final = timedelta(seconds=1)
