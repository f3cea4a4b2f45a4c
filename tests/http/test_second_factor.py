"""The second factor and step-up over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from tests.http.people import Shop, bearer, open_shop, refused
from tests.support.authority import Authenticator, change
from tests.support.identity import PASSWORD
from tests.support.letters import forget, token_in, written

from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role
from ecommerce.entrypoints.http.app import ROUTES
from ecommerce.entrypoints.http.operation import operation_of

MINE = "/v1/me/second-factor"
STEP = timedelta(seconds=30)


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest_asyncio.fixture
async def strict() -> AsyncIterator[Shop]:
    """A shop that wants a second factor of those who work in it."""
    async with open_shop(staff_second_factor=True) as opened:
        yield opened


async def set_up(shop: Shop, headers: dict[str, str]) -> tuple[Authenticator, list[str]]:
    begun = await shop.client.post(MINE, headers=headers)
    assert begun.status_code == 200, begun.text
    authenticator = Authenticator(begun.json()["secret"])
    body = {"code": authenticator.code(shop.clock.now())}
    done = await shop.client.post(f"{MINE}/confirm", json=body, headers=headers)
    assert done.status_code == 200, done.text
    codes: list[str] = done.json()["recovery_codes"]
    shop.clock.move(STEP)
    return authenticator, codes


async def challenge(shop: Shop) -> str:
    problem = refused(await shop.login(), 401, "second_factor_required")
    assert problem["challenge_expires_in"] == 300
    token: str = problem["challenge_token"]
    return token


async def answer(shop: Shop, token: str, code: str) -> httpx.Response:
    body = {"challenge_token": token, "code": code}
    return await shop.client.post("/v1/auth/login/second-factor", json=body)


async def step_up(shop: Shop, headers: dict[str, str], **proof: str) -> httpx.Response:
    return await shop.client.post("/v1/auth/step-up", json=proof, headers=headers)


async def test_setting_one_up_and_signing_in_with_it(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    refused(await shop.client.get(MINE, headers=headers), 404, "second_factor_not_found")
    begun = await shop.client.post(MINE, headers=headers)
    assert begun.headers["cache-control"] == "no-store"
    address = urlsplit(begun.json()["otpauth_uri"])
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/shop:ada%40example.com"
    assert parse_qs(address.query) == {
        "secret": [begun.json()["secret"]],
        "issuer": ["shop"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }
    assert (await shop.login()).status_code == 200, "nothing counts before it is confirmed"
    view = (await shop.client.get(MINE, headers=headers)).json()
    assert view == {"enabled": False, "confirmed_at": None, "recovery_codes_left": 0}

    wrong = await shop.client.post(f"{MINE}/confirm", json={"code": "000000"}, headers=headers)
    problem = refused(wrong, 422, "invalid_second_factor_code")
    assert [error["pointer"] for error in problem["errors"]] == ["/code"]
    authenticator, codes = await set_up(shop, headers)
    assert len(set(codes)) == 10
    view = (await shop.client.get(MINE, headers=headers)).json()
    assert (view["enabled"], view["recovery_codes_left"]) == (True, 10)
    refused(await shop.client.post(MINE, headers=headers), 409, "second_factor_exists")
    again = await shop.client.post(f"{MINE}/confirm", json={"code": "000000"}, headers=headers)
    refused(again, 409, "second_factor_exists")

    made = await answer(shop, await challenge(shop), authenticator.code(shop.clock.now()))
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    me = await shop.client.get("/v1/me", headers=bearer(made.json()["access_token"]))
    assert me.json()["email"] == "ada@example.com"
    assert not shop.store.committed.login_challenges
    assert "second_factor.set" in shop.audited()


async def test_neither_secret_nor_codes_are_kept_readable(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    begun = (await shop.client.post(MINE, headers=headers)).json()
    authenticator = Authenticator(begun["secret"])
    body = {"code": authenticator.code(shop.clock.now())}
    codes = (await shop.client.post(f"{MINE}/confirm", json=body, headers=headers)).json()
    token = await challenge(shop)
    (factor,) = shop.store.committed.second_factors.values()
    assert authenticator.secret not in factor.sealed_secret
    kept = repr(shop.store.committed)
    for text in (begun["secret"], token, *codes["recovery_codes"]):
        assert text not in kept


async def test_a_right_password_without_the_code_is_written_down_and_is_no_sign_in(
    shop: Shop,
) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    await set_up(shop, headers)
    before = len(shop.audited())
    await challenge(shop)
    assert shop.audited()[before:] == ["sign_in.code_wanted"]
    record = shop.store.committed.audit_records[-1]
    ((user_id, _),) = shop.store.committed.users.items()
    assert (record.subject_type, record.subject_id) == ("user", str(user_id))
    assert record.principal.kind == "anonymous", "who knows the password may be a thief"
    refused(await shop.login("a wrong guess"), 401, "invalid_credentials")
    assert shop.audited()[before:] == ["sign_in.code_wanted", "sign_in.failed"]


@pytest.mark.parametrize("beside", [-1, 0, 1])
async def test_a_code_is_good_a_step_early_and_late_and_once(shop: Shop, beside: int) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    authenticator, _ = await set_up(shop, headers)
    shop.clock.move(3 * STEP)
    code = authenticator.code(shop.clock.now() + beside * STEP)
    assert (await answer(shop, await challenge(shop), code)).status_code == 200
    refused(await answer(shop, await challenge(shop), code), 401, "wrong_second_factor_code")
    if beside == 1:
        earlier = authenticator.code(shop.clock.now())
        refused(await answer(shop, await challenge(shop), earlier), 401, "wrong_second_factor_code")


async def test_codes_further_off_are_no_good(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    authenticator, _ = await set_up(shop, headers)
    shop.clock.move(5 * STEP)
    for beside in (-2, 2):
        code = authenticator.code(shop.clock.now() + beside * STEP)
        refused(await answer(shop, await challenge(shop), code), 401, "wrong_second_factor_code")


async def test_the_code_that_confirmed_is_used_up(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    authenticator, _ = await set_up(shop, headers)
    code = authenticator.code(shop.clock.now() - STEP)
    refused(await answer(shop, await challenge(shop), code), 401, "wrong_second_factor_code")


async def test_a_recovery_code_is_good_once_however_it_is_typed(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    _, codes = await set_up(shop, headers)
    typed = codes[0].upper().replace("-", " ")
    assert (await answer(shop, await challenge(shop), typed)).status_code == 200
    refused(await answer(shop, await challenge(shop), codes[0]), 401, "wrong_second_factor_code")
    assert (await answer(shop, await challenge(shop), codes[1])).status_code == 200
    view = (await shop.client.get(MINE, headers=headers)).json()
    assert view["recovery_codes_left"] == 8
    assert shop.audited().count("second_factor.recovery_code_used") == 2
    assert shop.audited().count("sign_in.failed") == 1

    fresh = await shop.client.post(f"{MINE}/recovery-codes", headers=headers)
    refused(await answer(shop, await challenge(shop), codes[2]), 401, "wrong_second_factor_code")
    new = fresh.json()["recovery_codes"]
    assert not set(new) & set(codes)
    assert (await answer(shop, await challenge(shop), new[0])).status_code == 200


async def test_a_challenge_takes_five_codes(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    authenticator, _ = await set_up(shop, headers)
    token = await challenge(shop)
    for _ in range(5):
        refused(await answer(shop, token, "000000"), 401, "wrong_second_factor_code")
    code = authenticator.code(shop.clock.now())
    refused(await answer(shop, token, code), 401, "challenge_ended")
    assert (await answer(shop, await challenge(shop), code)).status_code == 200


async def test_a_challenge_ends(shop: Shop) -> None:
    user_id = await shop.person()
    headers = await shop.signed_in()
    authenticator, codes = await set_up(shop, headers)

    async def right(token: str) -> httpx.Response:
        shop.clock.move(STEP)
        return await answer(shop, token, authenticator.code(shop.clock.now()))

    used = await challenge(shop)
    assert (await right(used)).status_code == 200
    refused(await right(used), 401, "challenge_ended")
    late = await challenge(shop)
    shop.clock.move(timedelta(minutes=5))
    refused(await right(late), 401, "challenge_ended")
    changed = await challenge(shop)
    await change(shop.identity, user_id, role=Role.STAFF)
    refused(await right(changed), 401, "challenge_ended")
    disabled = await challenge(shop)
    await change(shop.identity, user_id, disabled=True)
    refused(await right(disabled), 401, "challenge_ended")
    refused(await answer(shop, disabled, codes[0]), 401, "challenge_ended")
    for wrong in ("x", "\u00e9" * 20, used[:-1]):
        refused(await answer(shop, wrong, "123456"), 401, "challenge_ended")


async def test_guessing_is_slowed_down_and_a_recovery_code_is_not(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    authenticator, codes = await set_up(shop, headers)

    async def guess() -> httpx.Response:
        return await answer(shop, await challenge(shop), "000000")

    for _ in range(10):
        refused(await guess(), 401, "wrong_second_factor_code")
    paused = await guess()
    refused(paused, 429, "second_factor_paused")
    assert paused.headers["retry-after"] == "1"
    shop.clock.move(timedelta(seconds=1))
    refused(await guess(), 401, "wrong_second_factor_code")
    assert (await guess()).headers["retry-after"] == "2"
    good = authenticator.code(shop.clock.now())
    refused(await answer(shop, await challenge(shop), good), 429, "second_factor_paused")
    assert (await answer(shop, await challenge(shop), codes[0])).status_code == 200
    assert (await answer(shop, await challenge(shop), good)).status_code == 200


async def test_a_wrong_password_says_nothing_of_the_second_factor(shop: Shop) -> None:
    await set_up(shop, await shop.newcomer(Role.CUSTOMER, "ada@example.com"))
    body = {"email": "ada@example.com", "password": "wrong"}
    problem = refused(
        await shop.client.post("/v1/auth/login", json=body), 401, "invalid_credentials"
    )
    assert "challenge_token" not in problem


async def test_a_challenge_is_no_token(shop: Shop) -> None:
    await set_up(shop, await shop.newcomer(Role.CUSTOMER, "ada@example.com"))
    token = await challenge(shop)
    refused(await shop.client.get("/v1/me", headers=bearer(token)), 401, "invalid_token")
    body = {"refresh_token": token}
    refused(await shop.client.post("/v1/auth/refresh", json=body), 401, "invalid_token")


async def test_a_new_password_by_mail_does_not_get_past_the_second_factor(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    verify = {"token": token_in(written(shop.store, "verify_email")[-1])}
    assert (await shop.client.post("/v1/auth/verify-email", json=verify)).status_code == 204
    shop.clock.move(STEP)
    authenticator, _ = await set_up(shop, headers)
    await forget(shop.identity)
    another = "the engine weaves patterns"
    body = {"token": token_in(written(shop.store, "reset_password")[-1]), "password": another}
    reset = await shop.client.post("/v1/auth/password/reset", json=body)
    assert (reset.status_code, reset.content) == (204, b"")
    known = {"email": "ada@example.com", "password": another}
    asked = await shop.client.post("/v1/auth/login", json=known)
    token = refused(asked, 401, "second_factor_required")["challenge_token"]
    refused(await answer(shop, token, "000000"), 401, "wrong_second_factor_code")
    done = await answer(shop, token, authenticator.code(shop.clock.now()))
    assert done.status_code == 200, done.text


async def test_what_somebody_else_set_up_keeps_no_owner_of_an_address_out(shop: Shop) -> None:
    await set_up(shop, await shop.newcomer(Role.CUSTOMER, "ada@example.com"))
    await forget(shop.identity)
    another = "the engine weaves patterns"
    body = {"token": token_in(written(shop.store, "reset_password")[-1]), "password": another}
    assert (await shop.client.post("/v1/auth/password/reset", json=body)).status_code == 204
    known = {"email": "ada@example.com", "password": another}
    tokens = await shop.client.post("/v1/auth/login", json=known)
    assert tokens.status_code == 200, tokens.text
    mine = bearer(tokens.json()["access_token"])
    assert (await shop.client.get("/v1/me", headers=mine)).json()["email_verified"] is True


async def test_removing_it(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    await set_up(shop, headers)
    assert (await shop.client.delete(MINE, headers=headers)).status_code == 204
    assert (await shop.login()).status_code == 200
    refused(await shop.client.delete(MINE, headers=headers), 404, "second_factor_not_found")
    answered = await shop.client.post(f"{MINE}/recovery-codes", headers=headers)
    refused(answered, 404, "second_factor_not_found")
    assert "second_factor.removed" in shop.audited()


_STEPPED = sorted(
    (str(method), path.replace(":str}", "}"))
    for route in ROUTES
    for path in route.paths
    for method in route.http_methods
    if (operation := operation_of(route)) is not None and operation.step_up
)


@pytest.mark.parametrize(("method", "path"), _STEPPED)
async def test_what_is_dangerous_asks_for_a_proof(shop: Shop, method: str, path: str) -> None:
    headers = await shop.newcomer(Role.ADMIN, "ada@example.com")
    shop.clock.move(timedelta(minutes=15))
    headers = await renewed(shop, headers)
    for name in ("role_id", "api_key_id", "user_id", "session_id"):
        path = path.replace(f"{{{name}}}", "019a8f00-5a00-7000-8000-000000000001")
    asked = await shop.client.request(method, path, headers=headers, json={})
    refused(asked, 403, "step_up_required")
    assert asked.headers["www-authenticate"] == (
        'Bearer realm="ecommerce", error="insufficient_user_authentication", max_age="900"'
    )
    assert (await step_up(shop, headers, password=PASSWORD)).status_code == 204
    after = await shop.client.request(method, path, headers=headers, json={})
    assert after.json().get("code") != "step_up_required" if after.content else True


async def test_leaving_and_signing_out_elsewhere_ask_for_a_proof(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    shop.clock.move(timedelta(minutes=15))
    headers = await renewed(shop, headers)
    ((session_id, session),) = shop.store.committed.sessions.items()
    for path in ("/v1/me", f"/v1/me/sessions/{session_id}"):
        refused(await shop.client.delete(path, headers=headers), 403, "step_up_required")
    assert session.ended_at is None
    assert (await shop.client.get("/v1/me", headers=headers)).json()["email"] == "ada@example.com"
    assert (await step_up(shop, headers, password=PASSWORD)).status_code == 204
    assert (await shop.client.delete("/v1/me", headers=headers)).status_code == 204


async def renewed(shop: Shop, headers: dict[str, str]) -> dict[str, str]:
    """The same session with a token that has not expired meanwhile."""
    (session,) = shop.store.committed.sessions.values()
    token = shop.identity.access_tokens.issue(session.user_id, session.id, shop.clock.now())
    return bearer(token.token)


def test_what_is_dangerous_is_declared() -> None:
    assert {
        *(
            ("POST", "/v1/roles"),
            ("PATCH", "/v1/roles/{role_id}"),
            ("DELETE", "/v1/roles/{role_id}"),
        ),
        ("PATCH", "/v1/users/{user_id}"),
        *(("PUT", "/v1/users/{user_id}/roles"), ("POST", "/v1/api-keys")),
        *(("DELETE", "/v1/api-keys/{api_key_id}"), ("DELETE", MINE), ("POST", MINE)),
        ("POST", f"{MINE}/recovery-codes"),
    } <= set(_STEPPED)


async def test_where_there_is_a_second_factor_the_password_is_no_proof(shop: Shop) -> None:
    headers = await shop.newcomer(Role.ADMIN, "ada@example.com")
    authenticator, codes = await set_up(shop, headers)
    shop.clock.move(timedelta(minutes=20))
    headers = await renewed(shop, headers)
    refused(await step_up(shop, headers, password=PASSWORD), 403, "step_up_refused")
    code = authenticator.code(shop.clock.now())
    refused(await step_up(shop, headers, code=code, password="wrong"), 403, "step_up_refused")
    refused(await shop.client.delete(MINE, headers=headers), 403, "step_up_required")
    assert (await step_up(shop, headers, code=code, password=PASSWORD)).status_code == 204
    refused(await step_up(shop, headers, code=code), 403, "step_up_refused")
    assert (await step_up(shop, headers, code=codes[0])).status_code == 204
    assert (await shop.client.delete(MINE, headers=headers)).status_code == 204
    assert shop.audited().count("step_up.refused") == 2


async def test_without_the_proof_that_is_wanted_the_session_goes_on(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    nothing: list[dict[str, str | None]] = [{}, {"password": None, "code": None}, {"code": None}]
    for body in nothing * 2:
        sent = await shop.client.post("/v1/auth/step-up", json=body, headers=headers)
        problem = refused(sent, 400, "malformed_request")
        assert problem["errors"] == [
            {"pointer": "", "detail": "Object has neither `password` nor `code`."}
        ]
    said = []
    for _ in range(6):
        problem = refused(await step_up(shop, headers, code="123456"), 403, "step_up_refused")
        said.append((problem["detail"], problem["errors"]))
    authenticator, _ = await set_up(shop, headers)
    for password in [PASSWORD, "wrong"] * 3:
        problem = refused(await step_up(shop, headers, password=password), 403, "step_up_refused")
        said.append((problem["detail"], problem["errors"]))
    assert said == [
        *[
            (
                "The password is wanted: there is no second factor.",
                [{"pointer": "/password", "detail": "is wanted."}],
            )
        ]
        * 6,
        *[
            (
                "A code of the second factor is wanted, not the password.",
                [{"pointer": "/code", "detail": "is wanted."}],
            )
        ]
        * 6,
    ]
    code = authenticator.code(shop.clock.now())
    assert (await step_up(shop, headers, code=code)).status_code == 204
    assert "step_up.refused" not in shop.audited()


async def test_who_has_to_prove_it_again_is_told_with_what(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    said = []
    for begin in (False, True):
        if begin:
            assert (await step_up(shop, headers, password=PASSWORD)).status_code == 204
            await set_up(shop, headers)
        shop.clock.move(timedelta(minutes=15))
        headers = await renewed(shop, headers)
        asked = await shop.client.delete("/v1/me", headers=headers)
        said.append(refused(asked, 403, "step_up_required")["detail"])
    assert said == [
        "This session has not proved lately who it is: the password is wanted.",
        "This session has not proved lately who it is: a code of the second factor is wanted.",
    ]


async def test_five_wrong_proofs_in_a_row_end_the_session(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    other = await shop.signed_in()
    for _ in range(4):
        refused(await step_up(shop, headers, password="wrong"), 403, "step_up_refused")
    assert (await step_up(shop, headers, password=PASSWORD)).status_code == 204
    for _ in range(5):
        refused(await step_up(shop, headers, password="wrong"), 403, "step_up_refused")
    refused(await step_up(shop, headers, password=PASSWORD), 401, "session_ended")
    refused(await shop.client.get("/v1/me", headers=headers), 401, "session_ended")
    assert (await shop.client.get("/v1/me", headers=other)).status_code == 200
    ended = [s.end_reason for s in shop.store.committed.sessions.values() if s.ended_at]
    assert ended == [EndReason.STEP_UP_REFUSED]


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMIN])
async def test_who_works_here_has_to_set_one_up_first(strict: Shop, role: Role) -> None:
    headers = await strict.newcomer(role, "ada@example.com")
    for method, path in (
        *(("GET", "/v1/me"), ("GET", "/v1/inventory"), ("GET", "/v1/products")),
        *(("POST", "/v1/roles"), ("DELETE", MINE), ("POST", f"{MINE}/recovery-codes")),
    ):
        asked = await strict.client.request(method, path, headers=headers, json={})
        refused(asked, 403, "second_factor_needed")
    await set_up(strict, headers)
    assert (await strict.client.get("/v1/me", headers=headers)).status_code == 200
    assert (await strict.client.get("/v1/inventory", headers=headers)).status_code == 200


async def test_customers_need_none(strict: Shop) -> None:
    headers = await strict.newcomer(Role.CUSTOMER, "ada@example.com")
    assert (await strict.client.get("/v1/me", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"challenge_token": "x"},
        {"challenge_token": "", "code": "123456"},
        {"challenge_token": "x" * 513, "code": "123456"},
        {"challenge_token": "x", "code": "12345"},
        {"challenge_token": "x", "code": "1" * 41},
        {"challenge_token": "x", "code": 123456},
        {"challenge_token": "x", "code": "123456", "user_id": "x"},
    ],
)
async def test_what_is_no_second_step(shop: Shop, body: dict[str, Any]) -> None:
    made = await shop.client.post("/v1/auth/login/second-factor", json=body)
    refused(made, 400, "malformed_request")


async def test_the_owner_hears_of_what_changes_how_one_gets_in(shop: Shop) -> None:
    headers = await shop.newcomer(Role.ADMIN, "ada@example.com")
    _, codes = await set_up(shop, headers)
    assert (await answer(shop, await challenge(shop), codes[0])).status_code == 200
    key = {"name": "Scanner", "permissions": ["catalog:read"], "expires_in_days": 1}
    made = await shop.client.post("/v1/api-keys", json=key, headers=headers)
    assert (await shop.client.delete(MINE, headers=headers)).status_code == 204
    waiting = [each.mail for each in shop.store.committed.mail.values()]
    kinds = [mail.kind for mail in waiting]
    assert {"second_factor_set", "recovery_code_used", "api_key_made"} <= set(kinds)
    assert "second_factor_removed" in kinds
    assert {mail.to for mail in waiting} == {"ada@example.com"}
    assert not any(made.json()["key"] in mail.body or codes[0] in mail.body for mail in waiting)


async def test_a_deleted_account_leaves_no_second_factor_behind(shop: Shop) -> None:
    headers = await shop.newcomer(Role.CUSTOMER, "ada@example.com")
    await set_up(shop, headers)
    assert (await shop.client.delete("/v1/me", headers=headers)).status_code == 204
    assert not shop.store.committed.second_factors
