"""What settings name, looked at before a process is started that needs it."""

from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.breaches import load_breached_passwords
from ecommerce.entrypoints.caches import shared_store
from ecommerce.entrypoints.keys import load_keys
from ecommerce.entrypoints.mailing import mailer_of
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.tracing import tracer_of


def check_parts(settings: Settings) -> None:
    """Make each part as a worker will; ``SettingsError`` names the setting that is wrong."""
    load_analyzer(settings)
    load_breached_passwords(settings)
    mailer_of(settings)
    shared_store(settings.cache_url, settings.cache_seconds)
    tracer = tracer_of(settings)
    if tracer is not None:
        tracer.close()
    if settings.keys is not None or settings.keys_file.exists():
        load_keys(settings)
