"""The admin of the shop under load, who writes."""

import json
import urllib.error
import urllib.request

from benchmarks.load import HOST

CREDENTIALS = {"email": "admin@example.com", "password": "a passphrase for the benchmark"}


def bearer(port: int) -> tuple[str, str]:
    """Sign in: the header that goes with every write."""
    _, content = post(port, "/v1/auth/login", json.dumps(CREDENTIALS).encode())
    return "authorization", f"Bearer {json.loads(content)['access_token']}"


def post(
    port: int, path: str, body: bytes, headers: tuple[tuple[str, str], ...] = ()
) -> tuple[int, bytes]:
    """Status and content of an answer, whatever the status."""
    request = urllib.request.Request(
        f"http://{HOST}:{port}{path}", body, {"content-type": "application/json", **dict(headers)}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def new_product(run: str, number: int) -> dict[str, object]:
    """A product of one variant; ``run`` and ``number`` tell it from all others."""
    return {
        "name": f"Benchmark {run} {number}",
        "slug": f"{number}-benchmark-{run}x",
        "status": "active",
        "variants": [
            {
                "sku": f"BENCH-{run}-{number}",
                "price": {"amount": 1999, "currency": "USD"},
                "on_hand": 5,
            }
        ],
    }
