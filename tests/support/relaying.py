"""A look at the mail that waits, as the relay of a serving process has again and again."""

import asyncio

from ecommerce.application.shared.relay_mail import AT_ONCE, RelayMail


async def relay_once(relay: RelayMail) -> int:
    """Take as many as are sent at a time and send them; how many were taken."""
    due = await relay.take(AT_ONCE)
    await asyncio.gather(*map(relay.deliver, due))
    return len(due)
