"""How many products a second staff can write in bulk over HTTP."""

import json
import time
import uuid
from pathlib import Path

from rich.table import Table

from benchmarks import servers
from benchmarks.staff import bearer, new_product, post

_ROUTE = "/v1/products/bulk"
_ITEMS = 1_000
_REQUESTS = 5
_ABSENT = (404, 405)
_REFUSED = 400


def bulk_rate(url: str, size: int, workers: int, directory: Path) -> Table | str:
    """New products, 1,000 a request and one request after the other; a line where the shop has no
    such route or will not have these.
    """
    run = uuid.uuid4().hex[:8]
    bodies = [
        json.dumps(
            {
                "items": [new_product(run, n) for n in range(start, start + _ITEMS)],
                "on_error": "abort",
            }
        ).encode()
        for start in range(0, _REQUESTS * _ITEMS, _ITEMS)
    ]
    longest = taken = 0.0
    with servers.shop(
        url, workers, directory, {"ECOMMERCE_BODY_LIMIT_BYTES": str(8 * 1024 * 1024)}
    ) as port:
        staff = bearer(port)
        for number, body in enumerate(bodies):
            headers = (staff, ("idempotency-key", f"bench-{run}-bulk-{number}"))
            started = time.perf_counter()
            status, content = post(port, _ROUTE, body, headers)
            seconds = time.perf_counter() - started
            if status in _ABSENT:
                return f"bulk writes: skipped, {_ROUTE} answers {status}"
            if status >= _REFUSED:
                return f"bulk writes: {_ROUTE} answers {status}: {content[:500].decode()}"
            taken += seconds
            longest = max(longest, seconds)
    table = Table("", "items/s", "longest request, s", title=f"bulk writes at {size:,} products")
    rate = _REQUESTS * _ITEMS / taken
    table.add_row(f"new products, {_ITEMS:,} a request", f"{rate:,.0f}", f"{longest:.2f}")
    return table
