"""Mail into a folder, for development: nothing leaves the machine."""

import asyncio
import os
from pathlib import Path
from typing import Final

import structlog

from ecommerce.adapters.mail.message import message_of
from ecommerce.application.shared.mail import Mail, MailNotSentError


class FolderMailer:
    """Writes each mail to a file that its owner alone may read, and says in the log where it lies.

    The log also gets the link, with the token in it: that is what a developer wants, and why a
    shop with customers is given an SMTP server, with which nothing of the kind is logged.
    """

    def __init__(self, folder: Path, *, sender: str, shop: str) -> None:
        self._folder: Final = folder
        self._sender: Final = sender
        self._shop: Final = shop
        self._log: Final = structlog.get_logger("mail")

    async def send(self, mail: Mail) -> None:
        """Write the file: whole or not at all, and the same one for the same mail."""
        content = bytes(message_of(mail, sender=self._sender, shop=self._shop))
        name = f"{mail.created_at:%Y%m%dT%H%M%S}-{mail.kind}-{mail.id}.eml"
        try:
            file = await asyncio.to_thread(self._write, name, content)
        except OSError as error:
            raise MailNotSentError(f"{self._folder}: {error.strerror}") from error
        self._log.info("mail_in_folder", kind=mail.kind, file=str(file), link=mail.link)

    def _write(self, name: str, content: bytes) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, unfinished = self._folder / name, self._folder / f".{name}.{os.getpid()}"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        unfinished.replace(file)
        return file
