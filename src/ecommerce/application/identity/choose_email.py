"""Accepting the address of a new account."""

from dataclasses import dataclass

from ecommerce.application.identity.ports import MailHosts
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidEmailError


@dataclass(frozen=True, slots=True)
class ChooseEmail:
    """Takes addresses that mail can go to, and to nobody else's mailbox on the way."""

    hosts: MailHosts

    def __call__(self, text: str) -> Email:
        """Accept an address as it was given, or raise ``InvalidEmailError``."""
        email = Email(text)
        host = self.hosts.in_ascii(email.host)
        if host is None:
            raise InvalidEmailError("No mail can be sent to the host of that address.")
        email.at(host)  # which has to fit into an envelope, too
        return email
