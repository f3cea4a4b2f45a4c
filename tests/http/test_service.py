"""Documentation, problems and health."""

import re

import httpx
import pytest
from tests.http.conftest import Parts, client_of, services

from ecommerce.entrypoints.http.errors import catalogue
from ecommerce.entrypoints.http.service.docs_page import ASSETS


async def test_the_start_leads_to_the_documentation(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/docs"


async def test_the_page_loads_only_what_the_service_has(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "<script>" not in page.text
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert len(addresses) > 4
    for address in addresses:
        assert address.startswith("/")
        assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize("name", ASSETS)
async def test_files_of_the_page(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/docs/{name}")
    assert answer.headers["content-type"] == ASSETS[name]
    assert answer.content


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "..%2fdocs_page.py", "%2e%2e", "x.js"])
async def test_no_other_file_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/{name}")).status_code == 404


@pytest.mark.parametrize("code", sorted(catalogue()))
async def test_every_problem_has_its_page(client: httpx.AsyncClient, code: str) -> None:
    page = await client.get(f"/problems/{code}")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    told = await client.get(f"/problems/{code}", headers={"Accept": "application/json"})
    kind = catalogue()[code]
    assert told.json() == {
        "type": f"/problems/{code}",
        "code": code,
        "status": kind.status,
        "title": kind.title,
        "explanation": kind.explanation,
    }
    assert len(kind.explanation) > 30
    assert kind.title
    assert not kind.title.endswith(".")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("application/*", "application/json"),
        ("*/*", "text/html; charset=utf-8"),
        ("", "text/html; charset=utf-8"),
    ],
)
async def test_problems_come_in_the_form_asked_for(
    client: httpx.AsyncClient, accept: str, kind: str
) -> None:
    answer = await client.get("/problems", headers={"Accept": accept})
    assert answer.headers["content-type"] == kind


async def test_a_form_there_is_not(client: httpx.AsyncClient) -> None:
    answer = await client.get("/problems", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json()["code"] == "not_acceptable"


async def test_health(parts: Parts) -> None:
    async with client_of(services(parts=parts)) as client:
        assert (await client.get("/health/live")).json() == {"status": "ok"}
        assert (await client.get("/health/ready")).json() == {"status": "ok"}
        parts.failing["database"] = "away"
        answer = await client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["errors"] == [{"pointer": "/database", "detail": "away"}]
        assert (await client.get("/health/live")).status_code == 200
