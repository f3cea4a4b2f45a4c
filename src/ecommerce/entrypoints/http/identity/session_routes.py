"""Where one is signed in."""

from typing import Final

from litestar import delete, get

from ecommerce.application.identity.end_session import EndSession, EndSessionHandler
from ecommerce.application.identity.queries import AccountQueries
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.paging import Page
from ecommerce.domain.identity.errors import (
    InvalidTokenError,
    SessionEndedError,
    SessionNotFoundError,
)
from ecommerce.domain.shared.ids import SessionId
from ecommerce.entrypoints.http.answers import Answer, no_content
from ecommerce.entrypoints.http.auth import signed_in
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.identity.schemas import (
    EXAMPLE_SESSIONS,
    SESSION_ID,
    TAG,
    OwnSession,
    SessionPage,
)
from ecommerce.entrypoints.http.operation import SIGNED_IN, operation
from ecommerce.entrypoints.http.paging import PageQuery, page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest, PathText, uuid_or_none


@get(
    "/v1/me/sessions",
    **operation(
        "listSessions",
        "Where one is signed in",
        description=(
            "The sign-ins of one's account that last, the newest first. `last_used_at` is when the "
            "tokens were last refreshed; client and address are what the client's side says."
        ),
        tag=TAG,
        access=SIGNED_IN,
        query=PageQuery,
        returns=SessionPage,
        response_example=EXAMPLE_SESSIONS,
        problems=(InvalidTokenError, SessionEndedError),
        conditional="read",
    ),
)
async def list_sessions(
    request: HttpRequest, belongings: Given[AccountQueries], clock: Given[Clock]
) -> Answer:
    """A page of sessions; the caller's own is marked."""
    query, actor = read_query(request, PageQuery), signed_in(request)
    found = await belongings.sessions(actor.user_id, clock.now(), page_request(request, query))
    items = tuple(OwnSession.of(view, current=view.id == actor.session_id) for view in found.items)
    return page_answer(request, query, Page(items, found.next, found.previous, found.total))


@delete(
    "/v1/me/sessions/{session_id:str}",
    status_code=200,
    **operation(
        "endSession",
        "Sign one out",
        description=(
            "None of the session's tokens works from then on; it may be the caller's own, which "
            "`POST /v1/auth/logout` ends without a proof."
        ),
        tag=TAG,
        access=SIGNED_IN,
        status=204,
        path={"session_id": SESSION_ID},
        problems=(InvalidTokenError, SessionEndedError, SessionNotFoundError),
        step_up=True,
    ),
)
async def sign_one_out(
    request: HttpRequest, session_id: PathText, end_session: Given[EndSessionHandler]
) -> Answer:
    """Answer with nothing."""
    which = uuid_or_none(session_id)
    if which is None:
        raise SessionNotFoundError("There is no such sign-in of yours.")
    await end_session(EndSession(actor=signed_in(request), session_id=SessionId(which)))
    return no_content()


ROUTES: Final = (list_sessions, sign_one_out)
