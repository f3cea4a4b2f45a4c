"""Asks a shop as ``httpx`` does, but for the certificates of the world.

Every client and every request outside of one reads them, which costs 30 ms of CPU each time; no
shop in these tests speaks TLS.
"""

import ssl
from functools import partial
from typing import Final

import httpx

_TRUSTING_NOBODY: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

get: Final = partial(httpx.get, verify=_TRUSTING_NOBODY)
post: Final = partial(httpx.post, verify=_TRUSTING_NOBODY)
request: Final = partial(httpx.request, verify=_TRUSTING_NOBODY)
client: Final = partial(httpx.Client, verify=_TRUSTING_NOBODY)
async_client: Final = partial(httpx.AsyncClient, verify=_TRUSTING_NOBODY)
