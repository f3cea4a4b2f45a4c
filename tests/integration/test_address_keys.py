"""What an instance of the previous release writes during an upgrade is put right by the next."""

import asyncio

import pytest
from tests.support.identity import START, Identity, identity_in
from tests.support.letters import all_in, token_in

from ecommerce.adapters.postgres import address_keys, mail
from ecommerce.adapters.postgres.address_keys import renew_keys, renew_keys_for_ever
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.application.identity.verify_email import VerifyEmail
from ecommerce.domain.identity.email import Email

FORMER = {
    "Ada@straße.example": "ada@strasse.example",
    "kate@müller.example": "kate@müller.example",
    "eve@example.com": "eve@example.com",
}


@pytest.fixture
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in("postgres", request)


async def as_the_previous_release_wrote_them(database: Database, identity: Identity) -> None:
    for email in FORMER:
        await identity.open_account(email)
    async with database.connection() as connection:
        for email, key in FORMER.items():
            for change in (
                (
                    "UPDATE mailed_token SET email_key = %(key)s FROM user_account u"
                    " WHERE u.id = user_id AND u.email = %(email)s"
                ),
                "UPDATE user_account SET email_key = %(key)s WHERE email = %(email)s",
            ):
                await connection.execute(change, {"key": key, "email": email})


async def test_accounts_are_found_again_and_what_was_mailed_is_good(
    database: Database, identity: Identity
) -> None:
    await as_the_previous_release_wrote_them(database, identity)
    for email in FORMER:
        assert (await identity.queries.credentials(Email(email)) is None) is (not email.isascii())
    assert await renew_keys(database) == 2
    assert await renew_keys(database) == 0
    for email in FORMER:
        await identity.sign_in(email)
    for letter in await all_in(database, identity):
        if letter.kind == "verify_email":
            await identity.verify_email(VerifyEmail(token=token_in(letter)))


async def test_of_two_accounts_of_one_address_the_other_keeps_its_key(
    database: Database, identity: Identity
) -> None:
    await as_the_previous_release_wrote_them(database, identity)
    await identity.open_account("kate@xn--mller-kva.example")
    assert await renew_keys(database) == 1
    found = await identity.queries.credentials(Email("kate@müller.example"))
    assert found is not None
    shown = await identity.queries.user(found.user_id)
    assert shown is not None
    assert shown.email == "kate@xn--mller-kva.example"


async def test_a_serving_process_does_so_at_once(database: Database, identity: Identity) -> None:
    await as_the_previous_release_wrote_them(database, identity)
    task = asyncio.create_task(renew_keys_for_ever(database))
    for _ in range(200):
        if await identity.queries.credentials(Email("kate@müller.example")) is not None:
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("The key is what it was.")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    ("statement", "values", "index"),
    [
        (address_keys._BEYOND_ASCII, {}, "user_account_host_idx"),
        (
            mail._TAKE,
            {"now": START, "until": START, "limit": 10},
            "mail_outbox_tries_due_at_id_idx",
        ),
    ],
)
async def test_what_is_looked_for_again_and_again_has_an_index(
    database: Database, statement: Statement, values: dict[str, object], index: str
) -> None:
    async with database.connection() as connection:
        await connection.execute("SET enable_seqscan = off")
        await connection.execute("SET enable_sort = off")
        asked = await connection.execute(b"EXPLAIN " + statement.text, statement.bind(values))
        plan = "\n".join(row[0] for row in await asked.fetchall())
        await connection.execute("RESET ALL")
    assert index in plan
    assert "Sort" not in plan
