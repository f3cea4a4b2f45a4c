"""The keys that others can check access tokens with."""

from dataclasses import dataclass

from ecommerce.application.identity.ports import PublicKey, PublicKeys
from ecommerce.application.shared.clock import Clock


@dataclass(frozen=True, slots=True)
class ListPublicKeysHandler:
    """Shows the keys that are accepted at this moment; a retired one is gone."""

    keys: PublicKeys
    clock: Clock

    async def __call__(self) -> tuple[PublicKey, ...]:
        """List them, the one that signs first."""
        return self.keys.public_keys(self.clock.now())
