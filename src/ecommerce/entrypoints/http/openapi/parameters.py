"""Parameters of an operation: path, query, and the headers that go with what it declares."""

from collections.abc import Sequence
from typing import Final

from ecommerce.entrypoints.http.openapi.schemas import Json, Schemas
from ecommerce.entrypoints.http.operation import Operation

_ENTITY_TAGS: Final = r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$'

_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "An `ETag` you have already: 304 when nothing changed.",
    "schema": {"type": "string", "pattern": _ENTITY_TAGS},
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of what you read: 412 when it has changed since.",
    "schema": {"type": "string", "pattern": _ENTITY_TAGS},
}


def parameters(operation: Operation, names: Sequence[str], schemas: Schemas) -> list[Json]:
    """All of them, path parameters first."""
    found = [_path(operation, name) for name in names]
    if operation.query is not None:
        required = schemas.required(operation.query)
        for name, schema in schemas.query(operation.query).items():
            found.append(_query(name, schema, required=name in required))
    if operation.idempotency != "none":
        found.append(_idempotency_key(required=operation.idempotency == "required"))
    if operation.conditional == "read":
        found.append(_IF_NONE_MATCH)
    elif operation.conditional != "none":
        found.append(_IF_MATCH)
    return found


def _path(operation: Operation, name: str) -> Json:
    declared = operation.path[name]
    schema: Json = {"type": "string", "minLength": 1}
    if declared.format:
        schema["format"] = declared.format
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": declared.description,
        "schema": schema,
        "example": declared.example,
    }


def _query(name: str, schema: Json, *, required: bool) -> Json:
    schema = _without_null(schema)
    comma = schema.pop("x-comma", False)
    description = schema.pop("description", "")
    parameter: Json = {"name": name, "in": "query", "description": description}
    if schema.get("type") == "object":
        values = schema["additionalProperties"]
        schema = {
            "type": "object",
            "propertyNames": {"pattern": rf"^{name}\.[^\u0000]{{1,64}}$"},
            "maxProperties": schema.get("maxProperties", 20),
            "additionalProperties": values.get("items", values),
        }
        # The documentation page sends what an example holds, so it must not filter anything out.
        parameter["example"] = {}
    if schema.get("type") in ("array", "object"):
        schema.pop("default", None)
        parameter |= {"style": "form", "explode": not comma}
    if required:
        parameter["required"] = True
    return {**parameter, "schema": schema}


def _without_null(schema: Json) -> Json:
    """A parameter is there or it is not; it is never null."""
    schema = dict(schema)
    if schema.get("default", ...) is None:
        del schema["default"]
    options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    if len(options) == 1:
        del schema["anyOf"]
        schema = {**options[0], **schema}
    return schema


def _idempotency_key(*, required: bool) -> Json:
    # No example: the documentation page would send it with every request, to be refused.
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": required,
        "description": "Makes the request safe to send again: the same key and body get the first "
        "answer, byte for byte, and another body gets a 422. Kept for 24 hours at least; refusals "
        "are not kept. Make it a new UUID for each thing that is created.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    }
