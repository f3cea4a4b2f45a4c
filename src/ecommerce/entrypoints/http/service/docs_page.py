"""The documentation page: Swagger UI from the package's own files."""

from functools import lru_cache
from importlib import resources
from typing import Final

ASSETS: Final = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "initializer.js": "text/javascript; charset=utf-8",
    "favicon-16x16.png": "image/png",
    "favicon-32x32.png": "image/png",
}
"""The files the page needs, with their types; nothing else is served."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What the page may load: only what comes from the service itself."""

PAGE: Final = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ecommerce API</title>
<link rel="icon" type="image/png" sizes="32x32" href="/docs/favicon-32x32.png">
<link rel="icon" type="image/png" sizes="16x16" href="/docs/favicon-16x16.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/initializer.js"></script>
<noscript>This page needs JavaScript; see <a href="/openapi.json">/openapi.json</a>.</noscript>
</body>
</html>
"""


@lru_cache(maxsize=len(ASSETS))
def asset(name: str) -> bytes:
    """A file of the page."""
    return resources.files(__package__).joinpath("swagger_ui", name).read_bytes()
