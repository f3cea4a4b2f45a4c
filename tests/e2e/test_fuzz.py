"""Requests that nobody would write, made from the OpenAPI document: none breaks the service."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.shop import RunningShop

CASES: Final = int(os.environ.get("FUZZ_CASES", "450"))
"""How many requests in all; ``make fuzz`` for many more, other ones each time."""

LONG: Final = "FUZZ_CASES" in os.environ
WHO: Final = ("anonymous", "customer", "admin")
MODES: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

OF_EVERY_ANSWER: Final = {
    *("date", "connection", "content-type", "content-length", "cache-control"),
    *("content-security-policy", "cross-origin-opener-policy", "referrer-policy"),
    *("x-content-type-options", "x-frame-options"),
}
"""Headers that are not told for each answer."""


@pytest.fixture(scope="module")
def known(client: httpx.Client, admin: dict[str, str]) -> Mapping[str, list[str]]:
    """What addresses may name: half of the requests ask for something that is there."""
    product = client.get("/v1/products").json()["items"][0]
    variants = client.get(f"/v1/products/{product['id']}").json()["variants"]
    category = client.get("/v1/categories").json()["items"][0]
    synonyms = client.post(
        "/v1/search/synonyms", json={"terms": ["fuzz", "lint"]}, headers=admin
    ).json()
    pin = client.post(
        "/v1/search/pins", json={"query": "fuzz", "product_ids": [product["id"]]}, headers=admin
    ).json()
    role = client.post("/v1/roles", json={"name": "Fuzz", "permissions": []}, headers=admin).json()
    return {
        "role_id": [role["id"]],
        "product_id": [product["id"], product["slug"]],
        "variant_id": [variant["id"] for variant in variants],
        "category_id": [category["id"], category["slug"]],
        "synonym_id": [synonyms["id"]],
        "pin_id": [pin["id"]],
        "sku": [variant["sku"] for variant in variants],
        "code": ["not_found"],
        "name": ["initializer.js"],
        "user_id": [account_of(client)["id"]],
    }


@pytest.fixture(scope="module")
def credentials(client: httpx.Client, admin: dict[str, str]) -> Mapping[str, dict[str, str]]:
    account = {"email": "fuzz@example.com", "password": "notes on the engine"}
    assert client.post("/v1/auth/register", json=account).status_code == 201
    return {"anonymous": {}, "customer": signed_in(client), "admin": admin}


def signed_in(client: httpx.Client) -> dict[str, str]:
    """The headers of the customer, in a session of their own."""
    account = {"email": "fuzz@example.com", "password": "notes on the engine"}
    token = client.post("/v1/auth/login", json=account).json()["access_token"]
    return {"authorization": f"Bearer {token}"}


def account_of(client: httpx.Client) -> dict[str, Any]:
    """Somebody who has just registered and signed in."""
    account = {"email": f"{uuid4().hex}@example.com", "password": "notes on the engine"}
    made: dict[str, Any] = client.post("/v1/auth/register", json=account).json()
    token = client.post("/v1/auth/login", json=account).json()["access_token"]
    return {**made, "headers": {"authorization": f"Bearer {token}"}}


def operations_of(document: dict[str, Any]) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def test_no_request_of_any_operation_breaks_the_service(
    shop: RunningShop,
    client: httpx.Client,
    credentials: Mapping[str, dict[str, str]],
    known: Mapping[str, list[str]],
) -> None:
    operations = list(operations_of(client.get("/openapi.json").json()))
    each = max(1, CASES // (len(operations) * len(WHO) * len(MODES)))
    problems: list[str] = []
    sent = 0

    for operation in operations:
        for mode in MODES:

            @settings(
                max_examples=each * len(WHO),
                deadline=None,
                database=None,
                derandomize=not LONG,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(operation.as_strategy(generation_mode=mode), st.sampled_from(WHO), st.data())
            def run(case: Case[Any], who: str, data: st.DataObject) -> None:
                nonlocal sent
                for name in case.path_parameters:
                    if name in known and data.draw(st.booleans()):
                        case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
                who_asks = credentials[who]
                ends = case.operation.definition.raw.get("operationId") in {"deleteMe", "stepUp"}
                if who_asks and ends:
                    # It may end them, and then nobody could be that caller any more.
                    who_asks = account_of(client)["headers"]
                headers = {**who_asks, "x-request-id": uuid4().hex}
                answer = case.call(base_url=shop.url, headers=headers)
                sent += 1
                complaint = complaint_of(case, answer)
                if complaint is not None:
                    problems.append(f"{who}: {case.as_curl_command()}\n{complaint}")

            try:
                run()
            except Exception as error:
                if "Unsatisfiable" not in type(error).__name__:
                    raise

    print(f"{sent} requests, {len(problems)} complaints")  # noqa: T201 - pytest -s shows it
    assert sent >= len(operations) * len(WHO)
    assert not problems, f"{len(problems)} of {sent}:\n" + "\n\n".join(problems[:10])


def complaint_of(case: Case[Any], answer: Response) -> str | None:
    """What is wrong with an answer, if anything is."""
    if answer.status_code >= 400 and case.operation.path != "/health/ready":
        kind = answer.headers.get("content-type", [""])[0]
        if kind != "application/problem+json":
            return f"{answer.status_code} is {kind}: {answer.text[:300]}"
        body = answer.json()
        if body["status"] != answer.status_code or body["type"] != f"/problems/{body['code']}":
            return f"{answer.status_code}: {body}"
    undocumented = set(answer.headers) - OF_EVERY_ANSWER - documented(case, answer.status_code)
    if undocumented:
        return f"{answer.status_code} has headers that are not documented: {undocumented}"
    try:
        case.validate_response(answer, checks=list(CHECKS))
    except BaseExceptionGroup as group:
        return "\n".join(f"{type(e).__name__}: {e}"[:900] for e in group.exceptions)
    except AssertionError as error:
        return str(error)[:900]
    return None


def documented(case: Case[Any], status: int) -> set[str]:
    """The names of the headers that the document gives for an answer."""
    responses = case.operation.definition.raw["responses"]
    return {name.lower() for name in responses.get(str(status), {}).get("headers", ())}
