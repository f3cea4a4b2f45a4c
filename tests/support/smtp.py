"""An SMTP server in the process of the test, with STARTTLS and a certificate of its own."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Final, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.support.shop import free_port

HOST: Final = "127.0.0.1"
USER, PASSWORD = "shop", "a secret of the mail server"


@dataclass
class Inbox:
    """What the server took, and how it answers."""

    port: int
    certificate: Path
    answers: dict[str, str] = field(default_factory=dict)
    """What it says to a step (``MAIL``, ``RCPT``, ``DATA``, ``QUIT``) in place of yes."""

    envelopes: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    signed_in: list[object] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages as a mail reader sees them."""
        return [
            message_from_bytes(cast("bytes", e.content), policy=SMTPUTF8) for e in self.envelopes
        ]

    @property
    def trust(self) -> ssl.SSLContext:
        """Trust in this server's certificate and in no other."""
        return ssl.create_default_context(cafile=str(self.certificate))

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.envelopes.append(envelope)
        self.encrypted.append(session.ssl is not None)
        self.signed_in.append(session.auth_data)
        return "250 OK"

    async def handle_QUIT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return self.answers.get("QUIT", "221 Bye")


@contextmanager
def smtp_server(
    directory: Path, *, port: int | None = None, starttls: bool = True, sign_in: bool = True
) -> Iterator[Inbox]:
    """A server that listens within the block; by default it takes nothing in plain text, and
    nothing from strangers.
    """
    certificate, key = directory / "smtp.crt", directory / "smtp.key"
    if not certificate.exists():
        _certify(certificate, key)
    inbox = Inbox(port or free_port(), certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    controller = Controller(
        inbox,
        hostname=HOST,
        port=inbox.port,
        tls_context=context if starttls else None,
        require_starttls=starttls,
        enable_SMTPUTF8=True,
        authenticator=_check if sign_in else None,
        auth_required=sign_in,
        auth_require_tls=starttls,
    )
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


def _check(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: object
) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=said == known, handled=False, auth_data=said)


def _certify(certificate: Path, key: Path) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
