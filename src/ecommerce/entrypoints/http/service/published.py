"""What the service says of itself, made once when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from ecommerce.entrypoints.http.problem_types import ProblemType


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The OpenAPI document as bytes, and every refusal by its code."""

    document: bytes
    problems: Mapping[str, ProblemType]
