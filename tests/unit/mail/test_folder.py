"""Mail into a folder: whole files, for one user's eyes."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTPUTF8
from pathlib import Path

import pytest
import structlog
from tests.unit.mail.test_smtp import MAIL

from ecommerce.adapters.mail.folder import FolderMailer
from ecommerce.application.shared.mail import MailNotSentError, MailRefusedError

LINKED = replace(MAIL, link="https://shop.test/reset#token=secret")


def folder_mailer(folder: Path) -> FolderMailer:
    return FolderMailer(folder, sender="shop@shop.test", shop="Teapots")


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_a_mail_is_a_file_that_its_user_alone_may_read(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mail"
    with structlog.testing.capture_logs() as log:
        await folder_mailer(folder).send(LINKED)
    (file,) = folder.iterdir()
    assert file.name == f"20260115T093000-reset_password-{MAIL.id}.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    message = message_from_bytes(file.read_bytes(), policy=SMTPUTF8)
    assert message["To"] == "Ada@Example.com"
    assert message.get_content().replace("\r\n", "\n") == MAIL.body
    (line,) = log
    assert (line["event"], line["link"], line["file"]) == ("mail_in_folder", LINKED.link, str(file))


async def test_a_file_says_to_which_host_the_mail_would_go(tmp_path: Path) -> None:
    await folder_mailer(tmp_path).send(replace(MAIL, to="ada@stra\u00dfe.example"))
    (name,) = names_in(tmp_path)
    assert b"\r\nTo: ada@xn--strae-oqa.example\r\n" in (tmp_path / name).read_bytes()
    with pytest.raises(MailRefusedError, match="host"):
        await folder_mailer(tmp_path).send(replace(MAIL, to="ada@\u2460.com"))
    assert names_in(tmp_path) == [name]


async def test_a_second_copy_takes_the_place_of_the_first(tmp_path: Path) -> None:
    mailer = folder_mailer(tmp_path)
    for _ in range(2):
        await mailer.send(MAIL)
    await mailer.send(replace(MAIL, kind="notice"))
    assert len(names_in(tmp_path)) == 2


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(MailNotSentError, match="mail"):
        await folder_mailer(tmp_path / "mail").send(MAIL)
