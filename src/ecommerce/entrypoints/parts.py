"""What settings name, looked at before a process is started that needs it."""

import os
from pathlib import Path

from ecommerce.adapters.prometheus.shared import DIRECTORY
from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.breaches import load_breached_passwords
from ecommerce.entrypoints.caches import shared_store
from ecommerce.entrypoints.keys import load_keys
from ecommerce.entrypoints.mailing import mailer_of
from ecommerce.entrypoints.settings import Settings, SettingsError
from ecommerce.entrypoints.tracing import tracer_of


def check_parts(settings: Settings) -> None:
    """Make each part as a worker will; ``SettingsError`` names the setting that is wrong."""
    _check_directory_of_numbers()
    load_analyzer(settings)
    load_breached_passwords(settings)
    mailer_of(settings)
    shared_store(settings.cache_url, settings.cache_seconds)
    tracer = tracer_of(settings)
    if tracer is not None:
        tracer.close()
    if settings.keys is not None or settings.keys_file.exists():
        load_keys(settings)


def _check_directory_of_numbers() -> None:
    place = os.environ.get(DIRECTORY)
    if place is None:
        return
    if not place or not Path(place).is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise SettingsError(
            f"{DIRECTORY}: {place!r} is no directory that can be written to;"
            " make it, or leave the variable unset"
        )
