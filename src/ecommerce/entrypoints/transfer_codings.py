"""How a body may be coded on its way: in chunks, and in no other manner (RFC 9112, 6.1)."""

from ecommerce.entrypoints.refusals import CODED, MALFORMED


def refusal_of(codings: bytes) -> bytes | None:
    """What to say to a ``Transfer-Encoding``: nothing where it is plain chunks.

    A body whose last coding is not chunks has no end that could be known (RFC 9112, 6.3); one that
    is chunked twice the parser refuses by itself.
    """
    *others, last = [coding.strip(b" \t").lower() for coding in codings.split(b",")]
    if last != b"chunked":
        return MALFORMED
    return CODED if others else None
