"""Forgetting a second factor, and what was set up before an address was proved."""

from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.second_factor.audited import second_factor
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.domain.identity.mail_proof import proved_before
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.identity.user import User


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Forgets, in the transaction that it is given; the owner is told of a factor that was asked
    for. ``by_owner``: whoever asked has shown that the account is theirs.
    """

    letters: Letters

    async def factor(
        self,
        transaction: SecondFactorTransaction,
        user: User,
        factor: SecondFactor,
        now: datetime,
        *,
        by_owner: bool = True,
    ) -> None:
        """Forget a second factor with its recovery codes, confirmed or not."""
        await transaction.second_factors.remove(factor)
        if factor.is_confirmed:
            transaction.audit.record(second_factor("removed", user.id, by_owner=by_owner))
            letter = self.letters.second_factor_removed(user.email, user.id, now)
            await transaction.mail.add(letter)

    async def unproved(
        self,
        transaction: SecondFactorTransaction,
        user: User,
        now: datetime,
        *,
        by_owner: bool = True,
    ) -> bool:
        """Forget the second factor and the clients of before somebody showed that they read the
        mail of the address; whether there was such a factor. Whoever opened the account may have
        been somebody else, and keeps nobody out.
        """
        proved_at = user.email_verified_at if user.email_verified else now
        if proved_at is not None:
            await transaction.known_clients.forget_seen_until(user.id, proved_at)
        factor = await transaction.second_factors.of(user.id)
        if factor is None or proved_before(
            factor.confirmed_at,
            email_verified=user.email_verified,
            email_verified_at=user.email_verified_at,
        ):
            return False
        await self.factor(transaction, user, factor, now, by_owner=by_owner)
        return factor.is_confirmed
