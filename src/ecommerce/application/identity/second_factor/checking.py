"""Whether a code is good, whichever kind it is of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from ecommerce.application.identity.second_factor.ports import OneTimeCodes, RecoveryCodes, Sealer
from ecommerce.domain.identity.second_factor import RECOVERY_CODES, AskedAt, SecondFactor

_ONE_TIME: Final = re.compile(r"[0-9]{3} ?[0-9]{3}")

Accepted: TypeAlias = Literal["code", "recovery_code"]


@dataclass(frozen=True, slots=True)
class NewRecoveryCodes:
    """Recovery codes as they are shown once, and what is kept of them."""

    codes: tuple[str, ...]
    hashes: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class CodeChecks:
    """Takes codes of the authenticator and recovery codes in one field: six digits are the former.

    The factor is changed by it, also by a wrong code: keep it either way.
    """

    codes: OneTimeCodes
    recovery: RecoveryCodes
    sealer: Sealer

    def use(
        self, factor: SecondFactor, code: str, now: datetime, asked_at: AskedAt = "sign_in"
    ) -> Accepted | None:
        """Use a code up; which kind it was, or ``None`` for a wrong one.

        Raises ``SecondFactorPausedError`` when a code of the authenticator comes in a pause.
        """
        text = code.strip()
        if not _ONE_TIME.fullmatch(text):
            good = factor.use_recovery_code(self.recovery.hash(text), asked_at)
            return "recovery_code" if good else None
        self.check_not_paused(factor, text, now, asked_at)
        step = self.step_of(factor, text, now)
        return "code" if factor.use_step(step, now, asked_at) else None

    def check_not_paused(
        self, factor: SecondFactor, code: str, now: datetime, asked_at: AskedAt = "sign_in"
    ) -> None:
        """Refuse a code of the authenticator in a pause, before anything is counted."""
        if _ONE_TIME.fullmatch(code.strip()):
            factor.check_not_paused(now, asked_at)

    def step_of(self, factor: SecondFactor, code: str, now: datetime) -> int | None:
        """The step of time that a code of the factor is of, if it is of one near this moment."""
        secret = self.sealer.open(factor.sealed_secret, factor.user_id)
        return self.codes.step_of(secret, code.replace(" ", ""), now)

    def new_recovery_codes(self) -> NewRecoveryCodes:
        """Make a set of recovery codes."""
        codes: Sequence[str] = [self.recovery.new() for _ in range(RECOVERY_CODES)]
        return NewRecoveryCodes(tuple(codes), frozenset(map(self.recovery.hash, codes)))
