"""Mail as RFC 5322 has it."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from email.utils import format_datetime
from typing import Final

from ecommerce.adapters.mail.hosts import on_the_wire
from ecommerce.application.shared.mail import Mail


class Recipient(str):
    """The header ``To`` and the address in it, written letter for letter.

    ``email`` reads every other address as if it came from outside, and decodes what looks like an
    encoded word in it (RFC 2047), be it a line's end or another recipient. An address holds no
    encoded words (RFC 2047, 5 (3)), so there is nothing to decode.
    """

    __slots__ = ()
    name: Final = "To"

    def fold(self, *, policy: Policy) -> str:
        """The whole header on one line, which the bound on addresses keeps short enough."""
        if not self.isprintable():
            raise ValueError("An address that does not fit into one line.")
        return f"{self.name}: {self}{policy.linesep}"


def message_of(mail: Mail, *, sender: str, shop: str) -> EmailMessage:
    """A message in plain text; its Message-ID and Date follow from the mail, so that a second copy
    is the same in every byte.

    ``Auto-Submitted`` keeps automatic answers away (RFC 3834). Headers are UTF-8 (RFC 6532) only
    where an address cannot do without: other mail gets past servers that know ASCII alone.
    """
    to = on_the_wire(mail.to)
    in_ascii = to.isascii() and sender.isascii()
    message = EmailMessage(policy=SMTP if in_ascii else SMTPUTF8)
    local, _, host = sender.rpartition("@")
    message["From"] = Address(shop, local, host)
    message["To"] = Recipient(to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="8bit")
    return message
