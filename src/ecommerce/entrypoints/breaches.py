"""The breached passwords that the shop knows, from its settings."""

from ecommerce.adapters.security.breached_passwords import (
    BreachedPasswordsFileError,
    HashedPasswordsFile,
    NoBreachedPasswords,
)
from ecommerce.application.identity.ports import BreachedPasswords
from ecommerce.entrypoints.settings import Settings, SettingsError


def load_breached_passwords(settings: Settings) -> BreachedPasswords:
    """Those of the file that settings name, if they do."""
    if settings.breached_passwords is None:
        return NoBreachedPasswords()
    try:
        return HashedPasswordsFile(settings.breached_passwords)
    except BreachedPasswordsFileError as error:
        raise SettingsError(f"ECOMMERCE_BREACHED_PASSWORDS: {error}") from error
