"""The task of a serving process that sums failed sign-ins up."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from ecommerce.application.identity.failed_sign_ins import WINDOW, FailedSignIns
from ecommerce.domain.shared.errors import UnavailableError

_log: Final = structlog.get_logger("access")


async def sum_up_for_ever(failed: FailedSignIns, every: timedelta = WINDOW) -> None:
    """Sum up once a window until cancelled, and then once more."""
    try:
        while True:
            await asyncio.sleep(every.total_seconds())
            await _sum_up(failed)
    finally:
        await _sum_up(failed)


async def _sum_up(failed: FailedSignIns) -> None:
    try:
        await failed.sum_up()
    except UnavailableError as error:
        _log.warning("failed_sign_ins_wait", reason=error.detail)
    except Exception as error:  # noqa: BLE001 - what comes later would never be summed up
        _log.error("failed_sign_ins_not_summed_up", exc_info=error)
