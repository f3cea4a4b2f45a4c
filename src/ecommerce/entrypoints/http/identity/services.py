"""What the identity routes need."""

from dataclasses import dataclass

from ecommerce.application.identity.add_address import AddAddressHandler
from ecommerce.application.identity.ask_password_reset import AskPasswordResetHandler
from ecommerce.application.identity.change_password import ChangePasswordHandler
from ecommerce.application.identity.change_profile import ChangeProfileHandler
from ecommerce.application.identity.change_user import ChangeUserHandler
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.delete_account import DeleteAccountHandler
from ecommerce.application.identity.end_session import EndSessionHandler
from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.login import LoginHandler
from ecommerce.application.identity.logout import LogoutHandler
from ecommerce.application.identity.queries import AccountQueries, IdentityQueries
from ecommerce.application.identity.refresh_session import RefreshSessionHandler
from ecommerce.application.identity.register import RegisterHandler
from ecommerce.application.identity.remove_address import RemoveAddressHandler
from ecommerce.application.identity.replace_address import ReplaceAddressHandler
from ecommerce.application.identity.resend_verification import ResendVerificationHandler
from ecommerce.application.identity.reset_password import ResetPasswordHandler
from ecommerce.application.identity.second_factor.begin import BeginSecondFactorHandler
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactorHandler
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactorHandler
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactorHandler
from ecommerce.application.identity.second_factor.renew_recovery_codes import (
    RenewRecoveryCodesHandler,
)
from ecommerce.application.identity.step_up import StepUpHandler
from ecommerce.application.identity.verify_email import VerifyEmailHandler
from ecommerce.application.shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityServices:
    """Use cases and reads of accounts; each field is a dependency of its name."""

    accounts: IdentityQueries
    choose_password: ChoosePasswordHandler
    register: RegisterHandler
    login: LoginHandler
    refresh_session: RefreshSessionHandler
    logout: LogoutHandler
    change_profile: ChangeProfileHandler
    list_public_keys: ListPublicKeysHandler
    step_up: StepUpHandler
    login_with_second_factor: LoginWithSecondFactorHandler
    begin_second_factor: BeginSecondFactorHandler
    confirm_second_factor: ConfirmSecondFactorHandler
    remove_second_factor: RemoveSecondFactorHandler
    renew_recovery_codes: RenewRecoveryCodesHandler
    belongings: AccountQueries
    clock: Clock
    verify_email: VerifyEmailHandler
    resend_verification: ResendVerificationHandler
    ask_password_reset: AskPasswordResetHandler
    reset_password: ResetPasswordHandler
    change_password: ChangePasswordHandler
    end_session: EndSessionHandler
    delete_account: DeleteAccountHandler
    change_user: ChangeUserHandler
    add_address: AddAddressHandler
    replace_address: ReplaceAddressHandler
    remove_address: RemoveAddressHandler
