"""What the identity routes need."""

from dataclasses import dataclass

from ecommerce.application.identity.change_profile import ChangeProfileHandler
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.login import LoginHandler
from ecommerce.application.identity.logout import LogoutHandler
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.identity.refresh_session import RefreshSessionHandler
from ecommerce.application.identity.register import RegisterHandler
from ecommerce.application.identity.second_factor.begin import BeginSecondFactorHandler
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactorHandler
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactorHandler
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactorHandler
from ecommerce.application.identity.second_factor.renew_recovery_codes import (
    RenewRecoveryCodesHandler,
)
from ecommerce.application.identity.step_up import StepUpHandler


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
