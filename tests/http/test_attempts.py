"""Guessing passwords over HTTP: how it slows down, and whom it does not touch."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from litestar.types import ASGIApp
from tests.http.conftest import services
from tests.http.raw import RawAnswer, exchange
from tests.http.shared import application
from tests.support.identity import PASSWORD, Identity, identity_in_memory
from tests.support.letters import forget, token_in, written

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.identity.ports import HashingBusyError
from ecommerce.application.identity.queries import Credentials
from ecommerce.application.identity.register import Register
from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.domain.identity.attempts import OWN, STRANGERS
from ecommerce.domain.identity.email import Email
from ecommerce.domain.shared.ids import UserId

ADA = "ada@example.com"
HOME = "203.0.113.1"
ANOTHER = "patterns of algebra"


@dataclass
class Shop:
    app: ASGIApp
    identity: Identity
    store: MemoryStore

    async def sign_in(
        self,
        address: str = ADA,
        password: str = PASSWORD,
        *,
        peer: str = HOME,
        cookie: str | None = None,
    ) -> RawAnswer:
        headers = [(b"content-type", b"application/json")]
        if cookie is not None:
            headers.append((b"cookie", cookie.encode()))
        body = f'{{"email":"{address}","password":"{password}"}}'.encode()
        return await exchange(
            self.app, "POST", b"/v1/auth/login", headers=headers, chunks=[body], peer=peer
        )

    async def reset(self, password: str, *, peer: str, token: str | None = None) -> RawAnswer:
        """With the link that was mailed, or another token."""
        if token is None:
            await forget(self.identity)
            token = token_in(written(self.store, "reset_password")[-1])
        body = f'{{"token":"{token}","password":"{password}"}}'.encode()
        headers = [(b"content-type", b"application/json")]
        return await exchange(
            self.app, "POST", b"/v1/auth/password/reset", headers=headers, chunks=[body], peer=peer
        )

    async def change_password(self, password: str, present: str = PASSWORD) -> RawAnswer:
        """As its owner, who is signed in at home."""
        token = (await self.sign_in()).json()["access_token"]
        body = f'{{"current_password":"{present}","new_password":"{password}"}}'.encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"authorization", f"Bearer {token}".encode()),
        ]
        return await exchange(
            self.app, "PUT", b"/v1/me/password", headers=headers, chunks=[body], peer=HOME
        )

    async def fail(self, times: int, address: str = ADA, peer: str = HOME) -> list[RawAnswer]:
        return [await self.sign_in(address, "a wrong guess", peer=peer) for _ in range(times)]


@pytest.fixture
async def shop() -> Shop:
    identity, store = identity_in_memory()
    await identity.open_account(ADA)
    given = services(store)
    accounts = replace(
        given.identity,
        accounts=identity.queries,
        login=identity.login,
        reset_password=identity.reset_password,
        change_password=identity.change_password,
    )
    app = application(replace(given, identity=accounts, authenticate=identity.authenticate))
    return Shop(app, identity, store)


async def test_after_a_few_failures_one_has_to_wait(shop: Shop) -> None:
    assert {answer.status for answer in await shop.fail(OWN.free)} == {401}
    refused = await shop.sign_in()
    assert (refused.status, refused.json()["code"]) == (429, "too_many_attempts")
    assert refused.headers["retry-after"] == "1"
    verified = shop.identity.hasher.verified
    await shop.fail(5)
    assert shop.identity.hasher.verified == verified, "nothing is hashed meanwhile"
    shop.identity.clock.move(timedelta(seconds=1))
    assert (await shop.sign_in()).status == 200
    assert {answer.status for answer in await shop.fail(OWN.free)} == {401}, "begun anew"


async def test_an_unknown_address_reads_the_same_all_the_way(shop: Shop) -> None:
    def seen(answers: list[RawAnswer]) -> list[object]:
        return [
            (
                answer.status,
                {k: v for k, v in answer.json().items() if k != "request_id"},
                {k: v for k, v in answer.headers.items() if k != "x-request-id"},
            )
            for answer in answers
        ]

    known = await shop.fail(OWN.free + 3, ADA)
    unknown = await shop.fail(OWN.free + 3, "eve@example.com", peer="203.0.113.2")
    assert seen(known) == seen(unknown)
    nonsense = await shop.fail(OWN.free + 3, "no address", peer="203.0.113.3")
    assert seen(known) == seen(nonsense)


async def test_strangers_lock_nobody_out_who_has_signed_in_before(shop: Shop) -> None:
    assert (await shop.sign_in()).status == 200
    for number in range(STRANGERS.free):
        await shop.fail(1, peer=f"198.51.100.{number}")
    assert (await shop.fail(1, peer="198.51.100.99"))[0].status == 429
    assert (await shop.sign_in()).status == 200


async def test_a_device_is_known_again_by_its_cookie_wherever_it_is(shop: Shop) -> None:
    first = await shop.sign_in()
    cookie, *attributes = first.headers["set-cookie"].split("; ")
    assert set(attributes) == {
        "Path=/v1/auth",
        "Max-Age=31536000",
        "HttpOnly",
        "SameSite=Strict",
    }
    for number in range(STRANGERS.free):
        await shop.fail(1, peer=f"198.51.100.{number}")
    cafe = "198.51.100.200"
    assert (await shop.sign_in(peer=cafe)).status == 429
    assert (await shop.sign_in(peer=cafe, cookie="device=forged")).status == 429
    assert (await shop.sign_in(peer=cafe, cookie=f"{cookie}x")).status == 429
    again = await shop.sign_in(peer=cafe, cookie=f"a=b; {cookie}; c=d")
    assert again.status == 200
    assert "set-cookie" not in again.headers, "it has one"


async def test_who_is_locked_out_by_an_attack_gets_in_by_a_link_that_was_mailed(
    shop: Shop,
) -> None:
    for number in range(STRANGERS.free):
        await shop.fail(1, peer=f"198.51.100.{number}")
    home, cafe = "198.51.100.200", "198.51.100.201"
    assert (await shop.sign_in(peer=home)).status == 429
    refused = await shop.reset(ANOTHER, peer=home, token="a" * 43)
    assert (refused.status, refused.json()["code"]) == (422, "unusable_token")
    assert "set-cookie" not in refused.headers
    assert (await shop.sign_in(peer=home)).status == 429
    done = await shop.reset(ANOTHER, peer=home)
    assert done.status == 204
    cookie, *attributes = done.headers["set-cookie"].split("; ")
    assert attributes == ["Path=/v1/auth", "Max-Age=31536000", "HttpOnly", "SameSite=Strict"]
    for number in range(STRANGERS.free):
        await shop.fail(1, peer=f"203.0.113.{number}")
    assert (await shop.sign_in(password=ANOTHER, peer=cafe)).status == 429
    assert (await shop.sign_in(password=ANOTHER, peer=home)).status == 200
    assert (await shop.sign_in(password=ANOTHER, peer=cafe, cookie=cookie)).status == 200


def cookie_of(answer: RawAnswer) -> str:
    return answer.headers["set-cookie"].split(";")[0]


async def test_cookies_of_an_earlier_password_buy_no_guesses(shop: Shop) -> None:
    cookies = [cookie_of(await shop.sign_in()) for _ in range(8)]
    assert len(set(cookies)) == 8
    changed = await shop.change_password(ANOTHER)
    assert changed.status == 204
    answers = [
        await shop.sign_in(password=f"guess {guess}", peer=f"198.51.{n}.{guess}", cookie=cookie)
        for n, cookie in enumerate(cookies)
        for guess in range(OWN.free)
    ]
    let_in = [answer.status for answer in answers].count(401)
    assert let_in == STRANGERS.free, "they count as those of strangers, all together"
    assert {answer.status for answer in answers[let_in:]} == {429}
    cafe = "192.0.2.7"
    assert (await shop.sign_in(password=ANOTHER, peer=cafe, cookie=cookies[0])).status == 429
    own = cookie_of(changed)
    assert (await shop.sign_in(password=ANOTHER, peer=cafe, cookie=own)).status == 200


@pytest.mark.parametrize("present", [PASSWORD, "a wrong guess"])
async def test_a_weak_new_password_is_no_test_of_the_present_one(shop: Shop, present: str) -> None:
    await shop.sign_in()
    verified = shop.identity.hasher.verified
    refused = await shop.change_password("short", present)
    assert (refused.status, refused.json()["code"]) == (422, "weak_password")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/new_password"]
    assert shop.identity.hasher.verified == verified + 1, "the sign-in's own"


async def test_a_cookie_of_an_account_that_is_gone_is_none(shop: Shop) -> None:
    cookie = cookie_of(await shop.sign_in())
    (user_id,) = shop.store.committed.users
    await shop.identity.delete_account(
        DeleteAccount(actor=await shop.identity.acting(UserId(user_id)))
    )
    for number in range(STRANGERS.free):
        await shop.fail(1, peer=f"198.51.100.{number}")
    assert (await shop.sign_in(peer="192.0.2.7", cookie=cookie)).status == 429
    password = await shop.identity.choose_password(ANOTHER)
    await shop.identity.register(Register(email=ADA, password=password))
    again = await shop.sign_in(password=ANOTHER, peer="192.0.2.7", cookie=cookie)
    assert again.status == 429


async def test_a_stronger_hash_of_the_same_password_renews_the_cookie(shop: Shop) -> None:
    cookie = cookie_of(await shop.sign_in())
    shop.identity.hasher.parameters = "v2"
    renewed = cookie_of(await shop.sign_in(cookie=cookie))
    assert "set-cookie" not in (await shop.sign_in(cookie=renewed)).headers
    assert "set-cookie" in (await shop.sign_in(cookie=cookie)).headers


async def test_who_is_in_stays_in_when_the_database_goes_away_before_the_cookie(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, looks = shop.identity.queries.credentials, 0

    async def once(email: Email) -> Credentials | None:
        nonlocal looks
        looks += 1
        if looks > 1:
            raise DatabaseUnavailableError("It went away.")
        return await look(email)

    monkeypatch.setattr(shop.identity.queries, "credentials", once)
    answer = await shop.sign_in()
    assert (answer.status, looks) == (200, 2)
    assert "set-cookie" not in answer.headers


async def test_whoever_shows_a_cookie_costs_one_look_whether_there_is_an_account(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = cookie_of(await shop.sign_in())
    look, looked = shop.identity.queries.credentials, list[str]()

    async def and_count(email: Email) -> Credentials | None:
        looked.append(email.key)
        return await look(email)

    monkeypatch.setattr(shop.identity.queries, "credentials", and_count)
    for address, shown, looks in (
        (ADA, cookie, 2),
        ("nobody@example.com", cookie, 2),
        (ADA, "device=nonsense", 1),
        ("nobody@example.com", "device=nonsense", 1),
        (ADA, None, 1),
        ("nobody@example.com", None, 1),
    ):
        looked.clear()
        answer = await shop.sign_in(address, "a wrong guess", cookie=shown)
        assert (answer.status, len(looked)) == (401, looks), (address, shown)


async def test_a_browser_is_known_to_every_account_that_it_signed_in_to(shop: Shop) -> None:
    eve = "eve@example.com"
    await shop.identity.open_account(eve)
    of_ada = cookie_of(await shop.sign_in())
    of_both = cookie_of(await shop.sign_in(eve, cookie=of_ada))
    assert of_both.startswith(f"{of_ada}~")
    assert "set-cookie" not in (await shop.sign_in(cookie=of_both)).headers
    assert "set-cookie" not in (await shop.sign_in(eve, cookie=of_both)).headers
    for number in range(STRANGERS.free):
        await shop.fail(1, peer=f"198.51.100.{number}")
        await shop.fail(1, eve, peer=f"198.51.101.{number}")
    cafe = "192.0.2.7"
    for address in (ADA, eve):
        assert (await shop.sign_in(address, peer=cafe)).status == 429
        assert (await shop.sign_in(address, peer=cafe, cookie=of_both)).status == 200


async def test_of_many_accounts_the_first_forgets_the_browser(shop: Shop) -> None:
    cookie, people = cookie_of(await shop.sign_in()), [f"p{n}@example.com" for n in range(8)]
    for address in people:
        await shop.identity.open_account(address)
        cookie = cookie_of(await shop.sign_in(address, cookie=cookie))
    assert cookie.count("~") == 7
    assert len(cookie) < 4_096 // 4
    for address in people:
        assert "set-cookie" not in (await shop.sign_in(address, cookie=cookie)).headers
    assert "set-cookie" in (await shop.sign_in(cookie=cookie)).headers


async def test_what_is_no_mark_is_not_given_back(shop: Shop) -> None:
    made = cookie_of(await shop.sign_in(cookie="device=nonsense~~<b>"))
    assert made.count("~") == 0
    assert "set-cookie" not in (await shop.sign_in(cookie=f"{made}~nonsense")).headers


async def test_a_cookie_is_good_for_one_account(shop: Shop) -> None:
    cookie = (await shop.sign_in()).headers["set-cookie"].split(";")[0]
    eve = "eve@example.com"
    for _ in range(OWN.free):
        await shop.sign_in(eve, "a wrong guess", peer="198.51.100.7", cookie=cookie)
    refused = await shop.sign_in(eve, "a wrong guess", peer="198.51.100.7")
    assert refused.status == 429


async def test_a_shop_that_is_too_busy_to_look_counts_no_failure(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> bool:
        raise HashingBusyError("Too many.", retry_after=2)

    with monkeypatch.context() as patch:
        patch.setattr(shop.identity.hasher, "verify", busy)
        for answer in await shop.fail(OWN.free * 2):
            assert answer.status == 503
    assert (await shop.sign_in()).status == 200
