"""The providers of accounts."""

from dependency_injector import providers

from ecommerce.adapters.mail.hosts import IdnaHosts
from ecommerce.adapters.postgres.access_keys import PostgresApiKeyUses
from ecommerce.adapters.postgres.account_queries import PostgresAccountQueries
from ecommerce.adapters.postgres.attempts import PostgresAttempts
from ecommerce.adapters.postgres.identity_queries import PostgresIdentityQueries
from ecommerce.adapters.security.aes_sealer import AesSealer
from ecommerce.adapters.security.api_key_tokens import ApiKeyTokens
from ecommerce.adapters.security.argon2_hasher import Argon2Hasher
from ecommerce.adapters.security.common_passwords import ZxcvbnCommonPasswords
from ecommerce.adapters.security.device_marks import HmacDeviceMarks
from ecommerce.adapters.security.jwt_tokens import JwtTokens
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.adapters.security.live_keys import LiveKeys
from ecommerce.adapters.security.one_time_codes import RandomRecoveryCodes, TotpCodes
from ecommerce.adapters.security.secret_tokens import RandomTokens
from ecommerce.application.identity.add_address import AddAddressHandler
from ecommerce.application.identity.answer_reset_request import AnswerResetRequestHandler
from ecommerce.application.identity.ask_password_reset import AskPasswordResetHandler
from ecommerce.application.identity.attempts import LimitedAttempts
from ecommerce.application.identity.authenticate import AuthenticateHandler
from ecommerce.application.identity.change_password import ChangePasswordHandler
from ecommerce.application.identity.change_profile import ChangeProfileHandler
from ecommerce.application.identity.change_user import ChangeUserHandler
from ecommerce.application.identity.choose_email import ChooseEmail
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.create_admin import CreateAdminHandler
from ecommerce.application.identity.delete_account import DeleteAccountHandler
from ecommerce.application.identity.doorkeeper import Doorkeeper
from ecommerce.application.identity.end_session import EndSessionHandler
from ecommerce.application.identity.failed_sign_ins import FailedSignIns
from ecommerce.application.identity.known_devices import KnownDevices
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.list_public_keys import ListPublicKeysHandler
from ecommerce.application.identity.login import LoginHandler
from ecommerce.application.identity.logout import LogoutHandler
from ecommerce.application.identity.mailed_links import MailedLinks
from ecommerce.application.identity.new_sessions import NewSessions
from ecommerce.application.identity.ports import BreachedPasswords
from ecommerce.application.identity.refresh_session import RefreshSessionHandler
from ecommerce.application.identity.register import RegisterHandler
from ecommerce.application.identity.remove_address import RemoveAddressHandler
from ecommerce.application.identity.replace_address import ReplaceAddressHandler
from ecommerce.application.identity.resend_verification import ResendVerificationHandler
from ecommerce.application.identity.reset_password import ResetPasswordHandler
from ecommerce.application.identity.second_factor.begin import BeginSecondFactorHandler
from ecommerce.application.identity.second_factor.checking import CodeChecks
from ecommerce.application.identity.second_factor.confirm import ConfirmSecondFactorHandler
from ecommerce.application.identity.second_factor.login import LoginWithSecondFactorHandler
from ecommerce.application.identity.second_factor.remove import RemoveSecondFactorHandler
from ecommerce.application.identity.second_factor.renew_recovery_codes import (
    RenewRecoveryCodesHandler,
)
from ecommerce.application.identity.session_tokens import SessionTokens
from ecommerce.application.identity.step_up import StepUpHandler
from ecommerce.application.identity.verify_email import VerifyEmailHandler
from ecommerce.domain.identity.passwords import PasswordPolicy
from ecommerce.entrypoints.container_foundation import Foundation


def _sealing_key(keys: KeyRing) -> bytes:
    return keys.derive("second-factor")


class IdentityProviders(Foundation):
    """Use cases and reads of accounts, and what they alone need."""

    identity_queries = providers.Singleton(PostgresIdentityQueries, Foundation.database)
    account_queries = providers.Singleton(PostgresAccountQueries, Foundation.database)
    password_hasher = providers.Singleton(Argon2Hasher)
    common_passwords = providers.Singleton(ZxcvbnCommonPasswords)
    breached_passwords: providers.Dependency[BreachedPasswords] = providers.Dependency()
    live_keys = providers.Singleton(LiveKeys, Foundation.keys, Foundation.config.keys_file)
    known_devices = providers.Singleton(
        KnownDevices, providers.Singleton(HmacDeviceMarks, Foundation.keys), identity_queries
    )
    limited_attempts = providers.Singleton(
        LimitedAttempts,
        providers.Singleton(PostgresAttempts, Foundation.database),
        Foundation.clock,
    )
    doorkeeper = providers.Singleton(Doorkeeper, limited_attempts, known_devices)
    access_tokens = providers.Singleton(
        JwtTokens,
        live_keys,
        issuer=Foundation.config.issuer,
        audience=Foundation.config.issuer,
        lifetime=Foundation.config.access_token_lifetime,
    )
    token_secrets = providers.Singleton(RandomTokens)
    session_tokens = providers.Singleton(
        SessionTokens, access_tokens, token_secrets, Foundation.config.session_lifetime
    )
    letters = providers.Singleton(
        Letters,
        ids=Foundation.ids,
        shop=Foundation.config.shop_name,
        public_url=Foundation.config.public_url,
    )
    mailed_links = providers.Singleton(MailedLinks, token_secrets, letters)
    password_policy = providers.Singleton(
        PasswordPolicy, Foundation.config.password_min, Foundation.config.staff_password_min
    )
    choose_email = providers.Singleton(ChooseEmail, providers.Singleton(IdnaHosts))
    choose_password = providers.Singleton(
        ChoosePasswordHandler,
        password_hasher,
        common_passwords,
        breached_passwords,
        Foundation.config.shop_name,
        password_policy,
    )
    new_sessions = providers.Singleton(NewSessions, session_tokens, letters, Foundation.ids)
    one_time_codes = providers.Singleton(TotpCodes, Foundation.config.shop_name)
    sealer = providers.Singleton(AesSealer, providers.Callable(_sealing_key, Foundation.keys))
    code_checks = providers.Singleton(
        CodeChecks, one_time_codes, providers.Singleton(RandomRecoveryCodes), sealer
    )
    register = providers.Singleton(
        RegisterHandler,
        Foundation.transactions,
        mailed_links,
        choose_email,
        Foundation.clock,
        Foundation.ids,
    )
    failed_sign_ins = providers.Singleton(FailedSignIns, Foundation.transactions, Foundation.clock)
    login = providers.Singleton(
        LoginHandler,
        Foundation.transactions,
        identity_queries,
        password_hasher,
        new_sessions,
        failed_sign_ins,
        doorkeeper,
        Foundation.clock,
        password_policy,
    )
    login_with_second_factor = providers.Singleton(
        LoginWithSecondFactorHandler,
        Foundation.transactions,
        new_sessions,
        code_checks,
        letters,
        doorkeeper,
        Foundation.clock,
    )
    step_up = providers.Singleton(
        StepUpHandler,
        Foundation.transactions,
        password_hasher,
        code_checks,
        letters,
        Foundation.clock,
    )
    begin_second_factor = providers.Singleton(
        BeginSecondFactorHandler, Foundation.transactions, one_time_codes, sealer, Foundation.clock
    )
    confirm_second_factor = providers.Singleton(
        ConfirmSecondFactorHandler, Foundation.transactions, code_checks, letters, Foundation.clock
    )
    remove_second_factor = providers.Singleton(
        RemoveSecondFactorHandler, Foundation.transactions, letters, Foundation.clock
    )
    renew_recovery_codes = providers.Singleton(
        RenewRecoveryCodesHandler, Foundation.transactions, code_checks, letters, Foundation.clock
    )
    refresh_session = providers.Singleton(
        RefreshSessionHandler,
        Foundation.transactions,
        identity_queries,
        session_tokens,
        letters,
        Foundation.clock,
    )
    verify_email = providers.Singleton(
        VerifyEmailHandler,
        Foundation.transactions,
        identity_queries,
        token_secrets,
        letters,
        Foundation.clock,
    )
    resend_verification = providers.Singleton(
        ResendVerificationHandler, Foundation.transactions, mailed_links, Foundation.clock
    )
    ask_password_reset = providers.Singleton(
        AskPasswordResetHandler, Foundation.transactions, Foundation.clock, Foundation.ids
    )
    answer_reset_request = providers.Singleton(
        AnswerResetRequestHandler, Foundation.transactions, mailed_links, Foundation.clock
    )
    reset_password = providers.Singleton(
        ResetPasswordHandler,
        Foundation.transactions,
        identity_queries,
        token_secrets,
        choose_password,
        letters,
        doorkeeper,
        Foundation.clock,
    )
    change_password = providers.Singleton(
        ChangePasswordHandler,
        Foundation.transactions,
        identity_queries,
        password_hasher,
        choose_password,
        letters,
        doorkeeper,
        Foundation.clock,
    )
    end_session = providers.Singleton(EndSessionHandler, Foundation.transactions, Foundation.clock)
    delete_account = providers.Singleton(
        DeleteAccountHandler, Foundation.transactions, letters, Foundation.clock
    )
    change_user = providers.Singleton(ChangeUserHandler, Foundation.transactions, Foundation.clock)
    add_address = providers.Singleton(
        AddAddressHandler, Foundation.transactions, Foundation.clock, Foundation.ids
    )
    replace_address = providers.Singleton(
        ReplaceAddressHandler, Foundation.transactions, Foundation.clock
    )
    remove_address = providers.Singleton(RemoveAddressHandler, Foundation.transactions)
    logout = providers.Singleton(
        LogoutHandler, Foundation.transactions, token_secrets, Foundation.clock
    )
    change_profile = providers.Singleton(
        ChangeProfileHandler, Foundation.transactions, Foundation.clock
    )
    create_admin = providers.Singleton(
        CreateAdminHandler,
        Foundation.transactions,
        identity_queries,
        password_hasher,
        choose_email,
        choose_password,
        letters,
        Foundation.clock,
        Foundation.ids,
    )
    list_public_keys = providers.Singleton(ListPublicKeysHandler, live_keys, Foundation.clock)
    api_key_tokens = providers.Singleton(ApiKeyTokens)
    api_key_uses = providers.Singleton(PostgresApiKeyUses, Foundation.database)
    authenticate = providers.Singleton(
        AuthenticateHandler,
        access_tokens,
        api_key_tokens,
        identity_queries,
        api_key_uses,
        Foundation.clock,
        step_up=Foundation.config.step_up,
        staff_second_factor=Foundation.config.staff_second_factor,
    )
