"""The shop's keys, from its settings or its data directory."""

from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.signing_key import KeyRingError
from ecommerce.entrypoints.settings import Settings, SettingsError
from ecommerce.entrypoints.start import prepare_data_dir


def load_keys(settings: Settings) -> KeyRing:
    """The keys given by settings, or those in the data directory; never new ones.

    Two processes with a ring each would refuse each other's tokens.
    """
    if settings.keys is None and not settings.keys_file.exists():
        raise SettingsError(
            f"ECOMMERCE_DATA_DIR: no keys at {settings.keys_file}; bring the file back, or start"
            " the shop (ecommerce serve), which makes new ones and ends all sessions"
        )
    try:
        if settings.keys is not None:
            return KeyRing.from_json(settings.keys)
        return KeyRing.load(settings.keys_file)
    except KeyRingError as error:
        raise _named(settings, error) from error


def make_keys(settings: Settings) -> None:
    """See that there are keys before anybody asks for them, made on the first start."""
    if settings.keys is None and not settings.keys_file.exists():
        prepare_data_dir(settings)
        try:
            KeyRing.load_or_create(settings.keys_file)
        except KeyRingError as error:
            raise _named(settings, error) from error


def _named(settings: Settings, error: KeyRingError) -> SettingsError:
    name = "ECOMMERCE_DATA_DIR" if settings.keys is None else "ECOMMERCE_KEYS"
    return SettingsError(f"{name}: {error}")
