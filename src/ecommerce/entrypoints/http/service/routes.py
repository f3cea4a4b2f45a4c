"""The service about itself: documentation, problems, health."""

from typing import Any, Final

from litestar import get

from ecommerce.domain.shared.errors import Violation
from ecommerce.entrypoints.http import answers
from ecommerce.entrypoints.http.answers import Answer, raw_headers
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.negotiation import preferred
from ecommerce.entrypoints.http.operation import PUBLIC, PathParameter, operation
from ecommerce.entrypoints.http.problem_types import (
    NOT_ACCEPTABLE,
    NOT_FOUND,
    NOT_READY,
    HttpProblemError,
    ProblemType,
)
from ecommerce.entrypoints.http.readiness import Readiness
from ecommerce.entrypoints.http.request import HttpRequest, PathText
from ecommerce.entrypoints.http.service import docs_page, problem_pages
from ecommerce.entrypoints.http.service.published import Published
from ecommerce.entrypoints.http.service.schemas import Health, ProblemList, ProblemPage

TAG: Final = "Service"
_HTML: Final = "text/html"
_JSON: Final = "application/json"
_NO_STORE: Final = (("Cache-Control", "no-store"),)
_EXAMPLE: Final = {
    "type": "/problems/not_found",
    "code": NOT_FOUND.code,
    "status": NOT_FOUND.status,
    "title": NOT_FOUND.title,
    "explanation": NOT_FOUND.explanation,
}


@get(
    "/",
    status_code=200,
    **operation("home", "Go to the documentation", tag=TAG, access=PUBLIC, status=302),
)
async def home() -> Answer:
    """To the documentation."""
    return answers.redirect(302, "/docs")


@get(
    "/docs",
    **operation(
        "docs",
        "The documentation as a page",
        description="Swagger UI with Authorize and Try it out; it loads nothing from elsewhere.",
        tag=TAG,
        access=PUBLIC,
        returns=str,
        media_types=(_HTML,),
        conditional="read",
    ),
)
async def docs(request: HttpRequest) -> Answer:
    """Swagger UI."""
    return _file(request, docs_page.PAGE, "text/html; charset=utf-8", docs_page.POLICY)


@get(
    "/docs/{name:str}",
    **operation(
        "docsAsset",
        "A file of the documentation page",
        tag=TAG,
        access=PUBLIC,
        path={
            "name": PathParameter(description="The file's name.", example="initializer.js"),
        },
        returns=str,
        media_types=("text/javascript", "text/css", "image/png"),
        problems=(NOT_FOUND,),
        conditional="read",
    ),
)
async def docs_asset(request: HttpRequest, name: PathText) -> Answer:
    """One of the page's files."""
    kind = docs_page.ASSETS.get(name)
    if kind is None:
        raise HttpProblemError(NOT_FOUND, "Nothing has this address.")
    return _file(request, docs_page.asset(name), kind, docs_page.POLICY)


@get(
    "/openapi.json",
    **operation(
        "openapi",
        "The OpenAPI document",
        description="OpenAPI 3.1 of every route.",
        tag=TAG,
        access=PUBLIC,
        returns=dict[str, Any],
        conditional="read",
    ),
)
async def openapi(request: HttpRequest, published: Given[Published]) -> Answer:
    """The document."""
    return answers.bytes_answer(request, published.document)


@get(
    "/problems",
    **operation(
        "listProblems",
        "Every refusal there is",
        tag=TAG,
        access=PUBLIC,
        returns=ProblemList,
        media_types=(_JSON, _HTML),
        response_example={"items": [_EXAMPLE]},
        problems=(NOT_ACCEPTABLE,),
        conditional="read",
    ),
)
async def list_problems(request: HttpRequest, published: Given[Published]) -> Answer:
    """The list, as a page or as JSON."""
    if preferred(request, (_HTML, _JSON)) == _JSON:
        items = tuple(_view(problem) for problem in published.problems.values())
        return answers.read_answer(request, ProblemList(items), headers=(("Vary", "Accept"),))
    return _page(request, problem_pages.every(published.problems))


@get(
    "/problems/{code:str}",
    **operation(
        "getProblem",
        "What a refusal means",
        description="What happened and what to do; the `type` of every problem leads here.",
        tag=TAG,
        access=PUBLIC,
        path={"code": PathParameter(description="The refusal's code.", example="not_found")},
        returns=ProblemPage,
        media_types=(_JSON, _HTML),
        response_example=_EXAMPLE,
        problems=(NOT_FOUND, NOT_ACCEPTABLE),
        conditional="read",
    ),
)
async def get_problem(request: HttpRequest, code: PathText, published: Given[Published]) -> Answer:
    """One refusal, as a page or as JSON."""
    problem = published.problems.get(code)
    if problem is None:
        raise HttpProblemError(NOT_FOUND, "No problem has this code.")
    if preferred(request, (_HTML, _JSON)) == _JSON:
        return answers.read_answer(request, _view(problem), headers=(("Vary", "Accept"),))
    return _page(request, problem_pages.one(problem))


@get(
    "/problems.css",
    **operation(
        "problemsStyle",
        "How the pages of problems look",
        tag=TAG,
        access=PUBLIC,
        returns=str,
        media_types=("text/css",),
        conditional="read",
    ),
)
async def problems_style(request: HttpRequest) -> Answer:
    """The style sheet."""
    return _file(request, problem_pages.STYLE, "text/css; charset=utf-8", problem_pages.POLICY)


@get(
    "/health/live",
    **operation(
        "live",
        "Is the process alive?",
        description="Looks at nothing else; a failure means that the process should be replaced.",
        tag=TAG,
        access=PUBLIC,
        pace="none",
        returns=Health,
        response_example={"status": "ok"},
    ),
)
async def live() -> Answer:
    """Alive."""
    return answers.json_answer(Health(), headers=_NO_STORE)


@get(
    "/health/ready",
    **operation(
        "ready",
        "Can the service serve?",
        description="Asks every part it stands on; 503 names those that fail.",
        tag=TAG,
        access=PUBLIC,
        pace="none",
        returns=Health,
        response_example={"status": "ok"},
        problems=(NOT_READY,),
    ),
)
async def ready(readiness: Given[Readiness]) -> Answer:
    """Ready, or what is not."""
    failing = await readiness()
    if failing:
        raise HttpProblemError(
            NOT_READY,
            f"Not ready: {', '.join(sorted(failing))}.",
            *(Violation(f"/{part}", how) for part, how in sorted(failing.items())),
            headers=(("Retry-After", "1"),),
        )
    return answers.json_answer(Health(), headers=_NO_STORE)


def _file(request: HttpRequest, body: bytes, kind: str, policy: str) -> Answer:
    answer = answers.bytes_answer(request, body, headers=(("Content-Security-Policy", policy),))
    if answer.status != 200:  # noqa: PLR2004 - 304 has no type
        return answer
    headers = tuple(pair for pair in answer.headers if pair[0] != b"content-type")
    cached = raw_headers((("Content-Type", kind),))
    return Answer(answer.status, (*cached, *headers), answer.body)


def _page(request: HttpRequest, body: bytes) -> Answer:
    found = _file(request, body, "text/html; charset=utf-8", problem_pages.POLICY)
    return Answer(found.status, (*found.headers, (b"vary", b"Accept")), found.body)


def _view(problem: ProblemType) -> ProblemPage:
    return ProblemPage(
        f"/problems/{problem.code}",
        problem.code,
        problem.status,
        problem.title,
        problem.explanation,
    )


ROUTES: Final = (
    home,
    docs,
    docs_asset,
    openapi,
    list_problems,
    get_problem,
    problems_style,
    live,
    ready,
)
