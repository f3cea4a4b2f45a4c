"""The OpenAPI document: whole, true to its examples, and changed only on purpose."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.errors import catalogue
from ecommerce.entrypoints.http.openapi.document import describe

SNAPSHOT = Path(__file__).with_name("openapi.json")
DOCUMENT: dict[str, Any] = json.loads(json.dumps(describe(ROUTES, version="0.0.0-test")))
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def _examples(content: dict[str, Any]) -> Iterator[Any]:
    if "example" in content:
        yield content["example"]
    for example in content.get("examples", {}).values():
        yield _resolved(example)["value"]


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = DOCUMENT
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, content in operation.get("requestBody", {"content": {}})["content"].items():
        yield f"request {kind}", content
    for status, response in operation["responses"].items():
        for kind, content in response.get("content", {}).items():
            yield f"{status} {kind}", content


def _exact(schema: Any) -> Any:  # noqa: ANN401
    """The same schema, where an object has no more than what it names."""
    if isinstance(schema, dict):
        closed = {name: _exact(value) for name, value in schema.items()}
        if "properties" in closed:
            closed.setdefault("additionalProperties", False)
        return closed
    return [_exact(value) for value in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_example_is_what_its_schema_says(name: str, operation: dict[str, Any]) -> None:
    for where, content in _contents(operation):
        schema = _exact({**content["schema"], "components": DOCUMENT["components"]})
        Draft202012Validator.check_schema(content["schema"])
        examples = list(_examples(content))
        is_json = "json" in where and "openapi.json" not in name
        assert examples or not is_json, f"{name} {where} has no example"
        for example in examples:
            Draft202012Validator(schema).validate(example)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_operation_is_told_whole(name: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert "400" in operation["responses"]
    assert "500" in operation["responses"]
    for parameter in operation.get("parameters", ()):
        assert parameter["description"], parameter
        Draft202012Validator.check_schema(parameter["schema"])
        if "example" in parameter and parameter["in"] == "path":
            Draft202012Validator(parameter["schema"]).validate(parameter["example"])
    in_path = set(re.findall(r"\{([a-z_]+)\}", name))
    assert in_path == {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
    if any(operation["security"]) and {} not in operation["security"]:
        assert "401" in operation["responses"]
    if permission := operation.get("x-required-permission"):
        assert permission in operation["description"]
        assert "403" in operation["responses"]


def test_every_route_is_in_it_once() -> None:
    routes = {
        (re.sub(r":[a-z]+\}", "}", path), str(method).lower())
        for route in ROUTES
        for path in route.paths
        for method in route.http_methods
    }
    told = {(path, m) for path, methods in DOCUMENT["paths"].items() for m in methods}
    assert told == routes
    ids = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_no_two_paths_differ_in_parameter_names_only() -> None:
    shapes = [re.sub(r"\{[^}]+\}", "{}", path) for path in DOCUMENT["paths"]]
    assert len(shapes) == len(set(shapes))


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(DOCUMENT)):
        assert _resolved({"$ref": reference})


def test_every_problem_it_names_is_explained() -> None:
    named = set(re.findall(r"/problems/([a-z_]+)\)", json.dumps(DOCUMENT)))
    assert named
    assert named <= catalogue().keys()


async def test_it_is_served_and_cached(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.json() == DOCUMENT
    again = await client.get("/openapi.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_it_changes_only_on_purpose() -> None:
    """After a change that is meant: ``UPDATE_SNAPSHOTS=1 pytest tests/http/test_openapi.py``."""
    text = json.dumps(DOCUMENT, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        SNAPSHOT.write_text(text)
    assert SNAPSHOT.read_text() == text


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_what_is_created_has_an_etag(name: str, operation: dict[str, Any]) -> None:
    created = operation["responses"].get("201")
    assert created is None or {"ETag", "Location"} <= created["headers"].keys(), name
