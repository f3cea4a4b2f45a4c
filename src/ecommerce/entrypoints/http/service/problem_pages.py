"""The pages that explain each refusal, for people."""

import html
import re
from collections.abc import Mapping
from typing import Final

from ecommerce.entrypoints.http.problem_types import ProblemType

POLICY: Final = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
STYLE: Final = b"""\
body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
code{background:#8882;padding:.1em .3em;border-radius:.2em}
td,th{padding:.3rem 1rem .3rem 0;text-align:left;vertical-align:top}
@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8bf}}
"""

_CODE: Final = re.compile(r"`{1,2}([^`]+)`{1,2}")


def one(problem: ProblemType) -> bytes:
    """The page of one refusal."""
    return _page(
        problem.title,
        f"<p><code>{html.escape(problem.code)}</code>, status {problem.status}</p>"
        f"<p>{_prose(problem.explanation)}</p>"
        '<p><a href="/problems">All problems</a> · <a href="/docs">API documentation</a></p>',
    )


def every(problems: Mapping[str, ProblemType]) -> bytes:
    """The list of all refusals."""
    rows = "".join(
        f'<tr><td>{p.status}</td><td><a href="/problems/{p.code}">{p.code}</a></td>'
        f"<td>{html.escape(p.title)}</td></tr>"
        for p in sorted(problems.values(), key=lambda p: (p.status, p.code))
    )
    return _page(
        "Problems",
        "<p>What the service can refuse, and what to do about it (RFC 9457).</p>"
        f"<table><tr><th>Status</th><th>Code</th><th>Meaning</th></tr>{rows}</table>",
    )


def _page(title: str, content: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title>"
        '<link rel="stylesheet" href="/problems.css"></head>'
        f"<body><h1>{html.escape(title)}</h1>{content}</body></html>\n"
    ).encode()


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(text))
