"""Who takes their time over a body is judged by what they are once it is here."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import httpx
import pytest
from tests.http.access.asking import OPERATIONS, WRITES, body_of, prepared
from tests.http.access.table import ROWS
from tests.http.access.test_bodies import same, who
from tests.http.conftest import client_of, services
from tests.http.people import refused
from tests.support.access import AccessShop, Caller
from tests.support.identity import START

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.identity.logout import Logout
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.pacing import Rate
from ecommerce.domain.identity.user import Role
from ecommerce.entrypoints.http.rate_limits import RateLimits

HELD: Final = [n for n in WRITES if ROWS[n].door != "public"]


@dataclass
class Slowly:
    """A body whose first byte, if it has any, is here, and the rest when it is let go."""

    content: bytes
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    rest: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.content[:1]
        self.begun.set()
        await self.rest.wait()
        yield self.content[1:]


async def held(
    doors: AccessShop, name: str, caller: Caller, meanwhile: Callable[[], Awaitable[None]]
) -> tuple[httpx.Response, Tables]:
    """Begin a good request, let something happen, finish it; and what there was before that."""
    operation, row, known = await prepared(doors, name)
    good = body_of(row, known)
    body = Slowly(b"" if good is None else json.dumps(good).encode())
    asking = asyncio.ensure_future(
        doors.client.request(
            operation.method,
            operation.address(known),
            headers={**doors.headers(caller), "Content-Type": "application/json"},
            content=body,
        )
    )
    await body.begun.wait()
    await meanwhile()
    before = copy.deepcopy(doors.store.committed)
    body.rest.set()
    return await asking, before


@pytest.mark.parametrize("name", HELD)
async def test_who_is_disabled_meanwhile_does_nothing_any_more(
    doors: AccessShop, name: str
) -> None:
    async def disable() -> None:
        doors.store.committed.users[doors.users[who(name)]].disabled = True

    answer, before = await held(doors, name, who(name), disable)
    refused(answer, 401, "session_ended")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert same(before, doors.store.committed)


@pytest.mark.parametrize("name", HELD)
async def test_who_stays_what_they_were_is_served(doors: AccessShop, name: str) -> None:
    async def nothing() -> None:
        """The body is late and that is all."""

    answer, _ = await held(doors, name, who(name), nothing)
    assert answer.status_code == OPERATIONS[name].status, answer.text


async def test_who_is_signed_out_meanwhile_does_nothing_any_more(doors: AccessShop) -> None:
    async def sign_out() -> None:
        await doors.identity.logout(Logout(refresh_token=doors.refresh_tokens["admin"]))

    answer, before = await held(doors, "createProduct", "admin", sign_out)
    refused(answer, 401, "session_ended")
    assert same(before, doors.store.committed)


async def test_whose_role_is_taken_meanwhile_does_nothing_any_more(doors: AccessShop) -> None:
    async def demote() -> None:
        doors.store.committed.users[doors.users["admin"]].role = Role.CUSTOMER

    answer, before = await held(doors, "createProduct", "admin", demote)
    refused(answer, 403, "permission_denied")
    assert same(before, doors.store.committed)


async def test_a_key_that_is_revoked_meanwhile_does_nothing_any_more(doors: AccessShop) -> None:
    async def revoke() -> None:
        doors.store.committed.api_keys[doors.key_id].revoked_at = START

    answer, before = await held(doors, "createProduct", "api_key", revoke)
    refused(answer, 401, "api_key_ended")
    assert same(before, doors.store.committed)


async def test_a_proof_that_grows_old_meanwhile_is_asked_for_again(doors: AccessShop) -> None:
    async def wait() -> None:
        for session in doors.store.committed.sessions.values():
            session.proved_at = START - timedelta(hours=1)

    answer, before = await held(doors, "createRole", "admin", wait)
    refused(answer, 403, "step_up_required")
    assert same(before, doors.store.committed)


@pytest.mark.parametrize("late", [False, True])
async def test_a_request_is_counted_once_and_a_body_that_is_here_is_one_look(*, late: bool) -> None:
    pace, looks = InMemoryPace(now=lambda: 0.0), list[str]()
    given = services(limits=RateLimits({"writes": Rate(10, 60)}, exact=pace, own=pace))

    async def look(token: str) -> Actor:
        looks.append(token)
        return await given.authenticate(token)

    body = Slowly(b'{"name": "Kitchen"}')
    if not late:
        body.rest.set()
    async with client_of(replace(given, authenticate=look)) as client:
        asking = asyncio.ensure_future(
            client.post(
                "/v1/categories",
                headers={"Authorization": "Bearer staff", "Content-Type": "application/json"},
                content=body,
            )
        )
        await body.begun.wait()
        body.rest.set()
        answer = await asking
    assert answer.status_code == 201, answer.text
    assert answer.headers["ratelimit"].startswith('"writes";r=9')
    assert looks == ["staff"] * (2 if late else 1)
