"""Changing one's password."""

from dataclasses import dataclass
from typing import Final

from ecommerce.application.identity.acting import acting_in
from ecommerce.application.identity.audited import password_change_refused, password_changed
from ecommerce.application.identity.choose_password import ChoosePasswordHandler, ChosenPassword
from ecommerce.application.identity.doorkeeper import UNKNOWN_DEVICE, Device, Doorkeeper, NewMarks
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import IdentityTransaction, PasswordHasher
from ecommerce.application.identity.queries import Credentials, IdentityQueries
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.errors import UserNotFoundError, WrongPasswordError
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import SessionId, UserId

_WRONG: Final = "That is not the present password."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Replace one's password by another; ``session_id`` is where one is signed in meanwhile."""

    user_id: UserId
    session_id: SessionId
    current_password: str
    new_password: str
    device: Device = UNKNOWN_DEVICE


@dataclass(frozen=True, slots=True)
class ChangePasswordHandler:
    """Replaces the password of somebody who is signed in and knows the present one.

    The new one is looked at first: whether the present one was right is told by nothing that leaves
    no record and is not counted. All other sessions end, and so does a reset that was asked for.
    Hashing happens outside the transaction.
    """

    transactions: TransactionFactory[IdentityTransaction]
    queries: IdentityQueries
    hasher: PasswordHasher
    choose_password: ChoosePasswordHandler
    letters: Letters
    doorkeeper: Doorkeeper
    clock: Clock

    async def __call__(self, command: ChangePassword) -> NewMarks:
        """Replace it, and have the account know the device by the new one. ``WrongPasswordError``
        or ``WeakPasswordError`` leave everything as it is; ``TooManyAttemptsError`` comes before
        anything is looked at.
        """
        address = await self.doorkeeper.try_present_password(
            command.user_id, command.session_id, lambda: self._changed(command)
        )
        return await self.doorkeeper.remember(command.device, address)

    async def _changed(self, command: ChangePassword) -> str:
        view = await self.queries.user(command.user_id)
        if view is None:
            raise UserNotFoundError("There is no such account.")
        # As in signing in, what was checked may have been rehashed meanwhile: a second look tells.
        for _ in range(2):
            factor = await self.queries.second_factor(command.user_id)
            await self.choose_password.look_at(
                command.new_password,
                view.role,
                email=view.email,
                full_name=view.full_name,
                second_factor=factor is not None and factor.enabled,
                field="new_password",
            )
            checked = await self._checked(command)
            password = await self.choose_password.hashed(command.new_password)
            if await self._replace(command, checked, password):
                return view.email
        raise _wrong()

    async def _checked(self, command: ChangePassword) -> Credentials:
        credentials = await self.queries.credentials_of(command.user_id)
        if credentials is None or not await self.hasher.verify(
            command.current_password, credentials.password_hash
        ):
            async with self.transactions() as transaction:
                transaction.audit.record(password_change_refused(command.user_id))
                await transaction.commit()
            raise _wrong()
        return credentials

    async def _replace(
        self, command: ChangePassword, checked: Credentials, password: ChosenPassword
    ) -> bool:
        now = self.clock.now()
        async with self.transactions() as transaction:
            user = await acting_in(transaction, command.user_id, command.session_id)
            if user.password_hash != checked.password_hash:
                return False
            user.set_password(password.hash, now, long_password=password.long)
            await transaction.users.save(user)
            await transaction.sessions.end_all(
                user.id, EndReason.PASSWORD_CHANGED, now, but=command.session_id
            )
            await transaction.mailed_tokens.forget(user.id, TokenPurpose.RESET_PASSWORD)
            await transaction.mail.add(self.letters.password_changed(user.email, user.id, now))
            transaction.audit.record(password_changed(user))
            await transaction.commit()
        return True


def _wrong() -> WrongPasswordError:
    return WrongPasswordError(_WRONG, Violation("/current_password", "is not the present one."))
