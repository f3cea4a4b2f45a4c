"""Every refusal has its status, its code and its page; what nobody foresaw tells nothing."""

import httpx
import pytest
from litestar import get
from structlog.testing import capture_logs
from tests.http.conftest import services

from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.domain.shared.errors import DomainError, RateLimitedError
from ecommerce.entrypoints.http.answers import Answer
from ecommerce.entrypoints.http.app import ROUTES, create_app
from ecommerce.entrypoints.http.errors import STATUS_OF_KIND, domain_errors, status_of
from ecommerce.entrypoints.http.operation import PUBLIC, PathParameter, operation
from ecommerce.entrypoints.http.problem_types import HTTP_PROBLEMS
from ecommerce.entrypoints.http.request import PathText

ERRORS = sorted(set(domain_errors()), key=lambda error: error.code)


def test_the_shop_has_errors() -> None:
    assert len(ERRORS) > 30


def test_no_two_refusals_share_a_code() -> None:
    codes = [error.code for error in ERRORS] + [problem.code for problem in HTTP_PROBLEMS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("error", ERRORS, ids=[error.code for error in ERRORS])
def test_every_error_is_of_a_kind_and_explained(error: type[DomainError]) -> None:
    assert 400 <= status_of(error) < 600
    assert error.code == error.code.lower()
    assert error.code.isidentifier()
    assert "code" in vars(error)
    assert "title" in vars(error)
    assert error.__doc__
    assert len(error.__doc__.split()) > 8


def test_every_kind_has_a_status() -> None:
    kinds = {kind for kind in DomainError.__subclasses__() if "code" not in vars(kind)}
    assert kinds <= STATUS_OF_KIND.keys()


def test_a_kind_without_a_status_is_noticed() -> None:
    class StrangeError(DomainError):
        """Of no kind."""

    with pytest.raises(LookupError):
        status_of(StrangeError)


class TooOftenError(RateLimitedError):
    """Asked too often, in a test."""

    code = "too_often"
    title = "Too often"


_WHAT = PathParameter(description="What happens.", example="busy")


@get(
    "/v1/forced/{what:str}",
    **operation("forced", "Forced", tag="Test", access=PUBLIC, path={"what": _WHAT}),
)
async def _forced(what: PathText) -> Answer:
    if what == "busy":
        raise DatabaseUnavailableError("Away.", retry_after=7)
    if what == "often":
        raise TooOftenError("Slower, please.", retry_after=3)
    raise ValueError("the password is hunter2")


@pytest.fixture(scope="module")
def forcing() -> httpx.AsyncClient:
    app = create_app(services(), routes=[*ROUTES, _forced])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test")


@pytest.mark.parametrize(("what", "status", "seconds"), [("busy", 503, "7"), ("often", 429, "3")])
async def test_when_to_come_back(
    forcing: httpx.AsyncClient, what: str, status: int, seconds: str
) -> None:
    answer = await forcing.get(f"/v1/forced/{what}")
    assert answer.status_code == status
    assert answer.headers["retry-after"] == seconds


async def test_what_nobody_foresaw_is_logged_and_tells_nothing(forcing: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await forcing.get("/v1/forced/worst", headers={"X-Request-ID": "find-me"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "find-me"
    assert answer.json() == {
        "type": "/problems/internal_error",
        "title": "Something went wrong",
        "status": 500,
        "detail": "The service failed; the request id finds out why.",
        "code": "internal_error",
        "request_id": "find-me",
    }
    unforeseen = [entry for entry in logs if entry["event"] == "unforeseen"]
    assert len(unforeseen) == 1
    assert isinstance(unforeseen[0]["exc_info"], ValueError)
    assert unforeseen[0]["log_level"] == "error"
