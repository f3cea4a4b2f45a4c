"""What concerns all that an account has."""

from typing import Protocol

from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction


class WholeAccountTransaction(SecondFactorTransaction, AccessTransaction, Protocol):
    """A transaction over accounts, their sign-ins, second factors and API keys."""
