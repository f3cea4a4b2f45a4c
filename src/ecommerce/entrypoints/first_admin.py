"""The first admin: made where a shop has none, with a password that is kept before it counts."""

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path

from ecommerce.adapters.security.key_file import replace_file
from ecommerce.application.shared.unavailable import OutcomeUnknownError
from ecommerce.domain.shared.errors import DomainError, UnavailableError
from ecommerce.entrypoints import start
from ecommerce.entrypoints.settings import Settings, SettingsError


def first_admin(settings: Settings, url: str) -> str:
    """See that the shop has an admin; how the one of the settings signs in.

    Of several that start at once, one makes it and the others find it.
    """
    from ecommerce.adapters.postgres.alone import FIRST_ADMIN, alone

    with alone(url, FIRST_ADMIN):
        return _found(settings, url) or _made(settings, url)


def appoint(
    settings: Settings,
    url: str,
    email: str,
    password: str,
    *,
    remove_second_factor: bool = False,
) -> bool:
    """Make an admin; whether a second factor of theirs went. ``SettingsError`` where the address or
    the password will not do.
    """
    from ecommerce.entrypoints.accounts import make_admin

    try:
        return asyncio.run(
            make_admin(settings, url, email, password, remove_second_factor=remove_second_factor)
        )
    except UnavailableError:
        raise
    except DomainError as error:
        raise SettingsError(
            f"ECOMMERCE_ADMIN_EMAIL, ECOMMERCE_ADMIN_PASSWORD: {error.detail}"
        ) from error


def _found(settings: Settings, url: str) -> str | None:
    from ecommerce.entrypoints.accounts import admins_of

    known = _known_passwords(settings)
    try:
        admins = asyncio.run(admins_of(settings, url, known))
    except UnavailableError:
        raise
    except DomainError as error:
        raise SettingsError(f"ECOMMERCE_ADMIN_EMAIL: {error.detail}") from error
    if not admins.any:
        return None
    if not admins.named:
        return "the one you have (another: ecommerce create-admin)"
    if admins.password is None:
        return (
            f"{settings.admin_email} (its password is not known here; see ecommerce create-admin)"
        )
    return f"{settings.admin_email} (password {known[admins.password]})"


def _made(settings: Settings, url: str) -> str:
    if settings.admin_password is not None:
        appoint(settings, url, settings.admin_email, settings.admin_password)
        return f"{settings.admin_email} (password from ECOMMERCE_ADMIN_PASSWORD)"
    secret, kept = secrets.token_urlsafe(18), _file(settings)
    start.prepare_data_dir(settings)
    replace_file(kept, f"{secret}\n")
    try:
        appoint(settings, url, settings.admin_email, secret)
    except OutcomeUnknownError:
        raise  # it may be the password of an admin
    except Exception:
        kept.unlink(missing_ok=True)
        raise
    return f"{settings.admin_email} / {secret} (kept in {kept})"


def _known_passwords(settings: Settings) -> Mapping[str, str]:
    """What may be the password, and where it stands."""
    known, kept = {}, _file(settings)
    if kept.is_file():
        known[kept.read_text("utf-8", errors="replace").strip()] = f"in {kept}"
    if settings.admin_password is not None:
        known[settings.admin_password] = "from ECOMMERCE_ADMIN_PASSWORD"
    return known


def _file(settings: Settings) -> Path:
    return settings.data_dir / "admin-password"
