"""Every example of the OpenAPI document, sent as it is offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_METHODS: Final = ("post", "get", "patch", "put", "delete")
"""In this order, so that what is read and changed was made before."""

_MUST_WORK: Final = {
    "register": 201, "login": 200, "createProduct": 201, "createCategory": 201, "getProduct": 200,
    "listProducts": 200, "getCategory": 200, "getStock": 200, "adjustStock": 201, "getMe": 200,
    "createSynonymGroup": 201, "forgotPassword": 202, "addAddress": 201, "listAddresses": 200,
    "listSessions": 200, "listUsers": 200,
}  # fmt: skip
"""What somebody who follows the examples from top to bottom must see work the first time."""


@dataclass(frozen=True)
class Example:
    """A request as the document offers it."""

    name: str
    method: str
    path: str
    secured: bool
    query: dict[str, Any]
    body: Any
    media_type: str | None
    responses: dict[str, Any]


def examples_of(document: dict[str, Any]) -> Iterator[Example]:
    """Every body example of every operation, or the operation as it stands when it has none."""
    for method in _METHODS:
        for path, item in document["paths"].items():
            if method not in item:
                continue
            operation = item[method]
            parameters = operation.get("parameters", [])
            parts = {p["name"]: p["example"] for p in parameters if p["in"] == "path"}
            filled = path.format_map(parts)
            query: dict[str, Any] = {}
            for parameter in parameters:
                if parameter["in"] == "query" and "example" in parameter:
                    given = parameter["example"]
                    query |= given if isinstance(given, dict) else {parameter["name"]: given}
            bodies = [
                (media_type, example["value"])
                for media_type, content in operation.get("requestBody", {})
                .get("content", {})
                .items()
                for example in content["examples"].values()
            ]
            for media_type, body in bodies or [(None, None)]:
                yield Example(
                    operation["operationId"],
                    method.upper(),
                    filled,
                    {"bearer": []} in operation.get("security", []),
                    query,
                    body,
                    media_type,
                    operation["responses"],
                )


def send(client: httpx.Client, example: Example, headers: dict[str, str]) -> httpx.Response:
    given = dict(headers) if example.secured else {}
    if example.media_type is not None:
        given["content-type"] = example.media_type
    content = (
        None if example.body is None else httpx.Request("POST", "/", json=example.body).content
    )
    return client.request(
        example.method, example.path, params=example.query, content=content, headers=given
    )


def test_every_example_meets_no_surprise(client: httpx.Client, admin: dict[str, str]) -> None:
    document = client.get("/openapi.json").json()
    registry: Registry[Any] = Registry().with_resource(
        "urn:document", DRAFT202012.create_resource(document)
    )
    unsuccessful = dict(_MUST_WORK)
    surprises: list[str] = []

    for example in examples_of(document):
        answer = send(client, example, {**admin, "x-request-id": uuid4().hex})
        where = f"{example.method} {example.path} {example.body}: {answer.status_code}"
        if unsuccessful.get(example.name) == answer.status_code:
            del unsuccessful[example.name]
        declared = example.responses.get(str(answer.status_code))
        if declared is None or answer.status_code >= 500:
            surprises.append(f"{where} {answer.text[:300]}")
            continue
        kind = answer.headers.get("content-type", "").partition(";")[0]
        content = declared.get("content", {})
        if answer.content and kind not in content:
            surprises.append(f"{where}: {kind} is not among {list(content)}")
        elif answer.content and kind.endswith("json"):
            schema = absolute(content[kind]["schema"])
            errors = Draft202012Validator(schema, registry=registry).iter_errors(answer.json())
            surprises += [f"{where}: {error.message}" for error in errors]

    assert not surprises, "\n".join(surprises)
    assert not unsuccessful, f"these examples do not work: {unsuccessful}"


def absolute(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its references into the document."""
    reference = schema.get("$ref")
    return schema if reference is None else {"$ref": f"urn:document{reference}"}
