"""When what the shop stands on is away."""

from ecommerce.domain.shared.errors import ConflictError, UnavailableError


class DatabaseUnavailableError(UnavailableError):
    """The database is away, restarting, or too busy to answer in time. Nothing was
    changed; send the same request again after the time in Retry-After.
    """

    code = "database_unavailable"
    title = "The database does not answer"


class OutcomeUnknownError(UnavailableError):
    """The connection was lost while the change was being made final, so it may or may not have
    happened. Send the same request with the same Idempotency-Key, or read before trying again.
    """

    code = "outcome_unknown"
    title = "The change may or may not have happened"


class ConcurrentChangeError(ConflictError):
    """Other requests were changing the same things at the same moment, again and again. Nothing was
    changed; send the request again.
    """

    code = "concurrent_change"
    title = "Others were changing the same thing"
