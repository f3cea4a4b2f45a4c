"""The refusals that belong to HTTP itself; those of the shop are domain errors."""

from dataclasses import dataclass
from typing import Final

from ecommerce.domain.shared.errors import Violation


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of refusal: its stable code, its status, and what to do about it."""

    code: str
    status: int
    title: str
    explanation: str


class HttpProblemError(Exception):
    """A request refused by the HTTP edge, before or beside the shop's own rules."""

    def __init__(
        self,
        problem: ProblemType,
        detail: str,
        *violations: Violation,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(detail)
        self.problem: Final = problem
        self.detail: Final = detail
        self.violations: Final = violations
        self.headers: Final = headers


MALFORMED_REQUEST: Final = ProblemType(
    "malformed_request",
    400,
    "The request is malformed",
    "The body, a query parameter, a header or the address is not what this operation takes: "
    "broken JSON, a wrong type, a value out of bounds, an unknown or repeated name. Each "
    "entry of `errors` points at one thing that is wrong; the OpenAPI document says what is "
    "right.",
)
INVALID_CURSOR: Final = ProblemType(
    "invalid_cursor",
    400,
    "Not a cursor of this query",
    "The cursor was changed, was made by another shop, or belongs to another query. Take "
    "cursors from `next_cursor` and `previous_cursor`, and keep the filters and the sort "
    "the same between pages.",
)
IDEMPOTENCY_KEY_REQUIRED: Final = ProblemType(
    "idempotency_key_required",
    400,
    "An Idempotency-Key is required",
    "This operation moves money or orders, so that it has to be safe to send twice. Make a "
    "new random key (a UUID will do) for each new request and send it as `Idempotency-Key`.",
)
NOT_AUTHENTICATED: Final = ProblemType(
    "not_authenticated",
    401,
    "No valid credentials",
    "This operation needs `Authorization: Bearer <access token>` and the request has none, "
    "or one in another scheme. Get a token from `POST /v1/auth/login`.",
)
NOT_FOUND: Final = ProblemType(
    "not_found",
    404,
    "Nothing is here",
    "Nothing has this address. Check the spelling; every path of the service is in the "
    "OpenAPI document.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method_not_allowed",
    405,
    "Not with this method",
    "The address exists and does not take this method; `Allow` lists those it takes.",
)
NOT_ACCEPTABLE: Final = ProblemType(
    "not_acceptable",
    406,
    "Not in that form",
    "The service cannot answer in any form that `Accept` asks for. Ask for `application/json`.",
)
REQUEST_TIMEOUT: Final = ProblemType(
    "request_timeout",
    408,
    "The request took too long to arrive",
    "The body did not arrive within the time the service waits for it. Nothing was changed; "
    "send it again over a better line.",
)
PAYLOAD_TOO_LARGE: Final = ProblemType(
    "payload_too_large",
    413,
    "The body is too large",
    "The body is larger than the service takes. Send less at a time.",
)
URI_TOO_LONG: Final = ProblemType(
    "uri_too_long", 414, "The address is too long", "Use fewer or shorter query parameters."
)
MISDIRECTED_REQUEST: Final = ProblemType(
    "misdirected_request",
    421,
    "Not a name of this shop",
    "`Host` names a host that this shop does not answer for. Check the address; whoever runs the "
    "shop lists its names in `ECOMMERCE_ALLOWED_HOSTS`.",
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType(
    "unsupported_media_type",
    415,
    "Not in that form",
    "The operation takes JSON. Send `Content-Type: application/json` (PATCH: "
    "`application/merge-patch+json` will do too), in UTF-8 and not compressed: neither by "
    "`Content-Encoding` nor by `Transfer-Encoding`, which may say `chunked` and nothing else.",
)
PRECONDITION_REQUIRED: Final = ProblemType(
    "precondition_required",
    428,
    "If-Match is required",
    "This shop takes a change only with the ETag of what it changes. Read the resource and "
    "send its `ETag` as `If-Match`.",
)
HEADERS_TOO_LARGE: Final = ProblemType(
    "headers_too_large",
    431,
    "The headers are too large",
    "The request line and the headers together are larger than the service takes. Send fewer or "
    "shorter headers, and fewer query parameters. What comes beside a body in chunks, their "
    "extensions and the trailers, is bounded as well.",
)
RATE_LIMITED: Final = ProblemType(
    "rate_limited",
    429,
    "Too many requests",
    "The caller has sent more requests of this kind than the shop takes in a while. Wait for the "
    "seconds in `Retry-After`; `RateLimit-Policy` has the limit, and `RateLimit` what is left of "
    "it. Signed-in callers have a budget of their own, others share that of their address.",
)
OVERLOADED: Final = ProblemType(
    "overloaded",
    503,
    "The service is overloaded",
    "More requests are being worked on than the service can finish in good time, so this one was "
    "not begun. Nothing was changed: send it again after the time in `Retry-After`.",
)
SHUTTING_DOWN: Final = ProblemType(
    "shutting_down",
    503,
    "The service is ending",
    "The service was told to end and gave this request the time it has for that. A change may or "
    "may not have happened: after the time in `Retry-After`, send the same request again with the "
    "same `Idempotency-Key`, or read before trying again.",
)
INTERNAL_ERROR: Final = ProblemType(
    "internal_error",
    500,
    "Something went wrong",
    "The service failed in a way nobody foresaw, and has written down why. Give the "
    "`request_id` to whoever runs the shop.",
)
NOT_READY: Final = ProblemType(
    "not_ready",
    503,
    "The service is not ready",
    "A part that the service stands on does not answer; `errors` names it. Try again after "
    "the time in `Retry-After`.",
)
BAD_REQUEST_OTHER: Final = ProblemType(
    "bad_request",
    400,
    "The request is refused",
    "The framework refused the request before any operation saw it; `detail` says why.",
)

HTTP_PROBLEMS: Final = (
    MALFORMED_REQUEST, INVALID_CURSOR, IDEMPOTENCY_KEY_REQUIRED, BAD_REQUEST_OTHER,
    NOT_AUTHENTICATED, NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE,
    REQUEST_TIMEOUT, PAYLOAD_TOO_LARGE, URI_TOO_LONG, UNSUPPORTED_MEDIA_TYPE,
    MISDIRECTED_REQUEST, PRECONDITION_REQUIRED, RATE_LIMITED, HEADERS_TOO_LARGE,
    INTERNAL_ERROR, NOT_READY, OVERLOADED, SHUTTING_DOWN,
)  # fmt: skip
"""Every refusal that is HTTP's own."""


def malformed(detail: str, *violations: Violation) -> HttpProblemError:
    """A 400 ``malformed_request``."""
    return HttpProblemError(MALFORMED_REQUEST, detail, *violations)
