"""Mail as RFC 5322 has it."""

from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime, formataddr

from ecommerce.application.shared.mail import Mail


def message_of(mail: Mail, *, sender: str, shop: str) -> EmailMessage:
    """A message in plain text; its Message-ID and Date follow from the mail, so that a second copy
    is the same in every byte.

    ``Auto-Submitted`` keeps automatic answers away (RFC 3834).
    """
    message = EmailMessage(policy=SMTPUTF8)
    message["From"] = formataddr((shop, sender))
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="8bit")
    return message
