"""Those who may write read what is written already."""

import httpx
import pytest
from litestar import get
from tests.http.conftest import STAFF, bearer, services

from ecommerce.application.shared.freshness import fresh_reads_demanded
from ecommerce.entrypoints.http.answers import Answer, bytes_answer
from ecommerce.entrypoints.http.app import create_app
from ecommerce.entrypoints.http.operation import PUBLIC_OPTIONAL, operation
from ecommerce.entrypoints.http.request import HttpRequest


@get(
    "/v1/freshness",
    **operation("readFreshness", "Say it", tag="Test", access=PUBLIC_OPTIONAL),
)
async def _freshness(request: HttpRequest) -> Answer:
    return bytes_answer(request, b"true" if fresh_reads_demanded() else b"false")


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [({}, "false"), (bearer("customer"), "false"), (bearer("reader"), "false"), (STAFF, "true")],
    ids=["anonymous", "customer", "reader", "staff"],
)
async def test_who_may_write_reads_fresh(headers: dict[str, str], fresh: str) -> None:
    app = create_app(services(), routes=(_freshness,))
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        assert (await client.get("/v1/freshness", headers=headers)).text == fresh
        assert (await client.get("/v1/freshness")).text == "false", "the demand ends with its task"
