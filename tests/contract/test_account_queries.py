"""What reads of accounts' belongings say, on both stores."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.identity import START, Identity, identity_in

from ecommerce.application.identity.add_address import AddAddress
from ecommerce.application.identity.change_user import ChangeUser
from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.application.identity.delete_account import DeleteAccount
from ecommerce.application.identity.login import Login
from ecommerce.application.identity.queries import AccountFilter, AccountView
from ecommerce.application.shared.paging import Page, PageRequest, Total
from ecommerce.domain.identity.address_book import AddressDetails
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import AddressId, UserId
from ecommerce.domain.shared.postal_address import PostalAddress

MINUTE = timedelta(minutes=1)
CLIENT = Client("curl/8", "203.0.113.7")


@pytest.fixture(params=["memory", "postgres"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return identity_in(request.param, request)


async def five(identity: Identity) -> list[UserId]:
    """An admin, staff, two customers of whom one is disabled, and one who left: a minute apart."""
    boss = await identity.create_admin(CreateAdmin(email="boss@example.com", password="b" * 15))
    people = [boss.user_id]
    for name in ("staff", "Ada", "off", "gone"):
        identity.clock.move(MINUTE)
        people.append(await identity.open_account(f"{name}@example.com", name))
    identity.clock.move(MINUTE)
    await identity.change_user(
        ChangeUser(actor=await identity.acting(boss.user_id), user_id=people[1], role=Role.STAFF)
    )
    await identity.change_user(
        ChangeUser(actor=await identity.acting(boss.user_id), user_id=people[3], disabled=True)
    )
    await identity.delete_account(DeleteAccount(actor=await identity.acting(people[4])))
    return people


async def listed(
    identity: Identity, criteria: AccountFilter, page: PageRequest | None = None
) -> Page[AccountView]:
    return await identity.belongings.accounts(criteria, page or PageRequest())


async def test_an_account_as_staff_see_it(identity: Identity) -> None:
    people = await five(identity)
    view = await identity.belongings.account(people[3])
    assert view == AccountView(
        id=people[3],
        email="off@example.com",
        full_name="off",
        role=Role.CUSTOMER,
        email_verified=False,
        disabled=True,
        created_at=START + 3 * MINUTE,
        updated_at=START + 5 * MINUTE,
        version=2,
    )
    assert (await listed(identity, AccountFilter(disabled=True))).items == (view,)
    assert await identity.belongings.account(people[4]) is None
    assert await identity.belongings.account(UserId(UUID(int=1))) is None


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        (AccountFilter(), [3, 2, 1, 0]),
        (AccountFilter(email=Email("ADA@example.com")), [2]),
        (AccountFilter(email=Email("gone@example.com")), []),
        (AccountFilter(role=Role.ADMIN), [0]),
        (AccountFilter(role=Role.STAFF), [1]),
        (AccountFilter(role=Role.CUSTOMER), [3, 2]),
        (AccountFilter(disabled=True), [3]),
        (AccountFilter(disabled=False), [2, 1, 0]),
        (AccountFilter(created_after=START), [3, 2, 1]),
        (AccountFilter(created_after=START + 2 * MINUTE), [3]),
        (AccountFilter(created_after=START + 2 * MINUTE - timedelta(milliseconds=1)), [3, 2]),
        (AccountFilter(created_after=datetime.min.replace(tzinfo=START.tzinfo)), [3, 2, 1, 0]),
        (AccountFilter(role=Role.CUSTOMER, disabled=False), [2]),
        (AccountFilter(role=Role.STAFF, created_after=START + MINUTE), []),
    ],
)
async def test_accounts_are_found(
    identity: Identity, criteria: AccountFilter, found: list[int]
) -> None:
    people = await five(identity)
    page = await listed(identity, criteria, PageRequest(include_total=True))
    assert [view.id for view in page.items] == [people[n] for n in found]
    assert page.total == Total(len(found), "eq")


async def test_accounts_are_walked_both_ways(identity: Identity) -> None:
    people = await five(identity)
    first = await listed(identity, AccountFilter(), PageRequest(limit=3))
    assert [view.id for view in first.items] == [people[n] for n in (3, 2, 1)]
    assert first.previous is None
    second = await listed(identity, AccountFilter(), PageRequest(limit=3, position=first.next))
    assert [view.id for view in second.items] == [people[0]]
    assert second.next is None
    back = await listed(identity, AccountFilter(), PageRequest(limit=2, position=second.previous))
    assert [view.id for view in back.items] == [people[n] for n in (2, 1)]


async def test_the_sessions_that_last(identity: Identity) -> None:
    ada = await identity.open_account()
    await identity.open_account("kate@example.com")
    await identity.sign_in("kate@example.com")
    for _ in range(3):
        identity.clock.move(MINUTE)
        await identity.login(
            Login(email="ada@example.com", password="notes on the engine", client=CLIENT)
        )
    now = identity.clock.now()
    page = await identity.belongings.sessions(ada, now, PageRequest(include_total=True))
    assert [view.created_at for view in page.items] == [START + n * MINUTE for n in (3, 2, 1)]
    assert page.total == Total(3, "eq")
    newest = page.items[0]
    assert newest.last_used_at == newest.created_at
    assert newest.expires_at == newest.created_at + timedelta(days=30)
    assert (newest.user_agent, newest.client_address) == ("curl/8", "203.0.113.7")
    assert "kate" not in repr(page)
    later = START + timedelta(days=30) + 2 * MINUTE
    left = await identity.belongings.sessions(ada, later, PageRequest())
    assert [view.id for view in left.items] == [newest.id]
    some = await identity.belongings.sessions(ada, now, PageRequest(limit=2))
    rest = await identity.belongings.sessions(ada, now, PageRequest(limit=2, position=some.next))
    assert [view.id for view in (*some.items, *rest.items)] == [view.id for view in page.items]


async def test_an_address_book(identity: Identity) -> None:
    ada, kate = await identity.open_account(), await identity.open_account("kate@example.com")
    address = PostalAddress(
        full_name="Ada", company="Engines", line1="1", line2="2", city="London",
        region="Greater London", postal_code="SW1Y 4JH", country="GB", phone="+44 20 7946 0958",
    )  # fmt: skip
    ids = []
    for line in ("1", "2", "3"):
        details = AddressDetails(address=replace(address, line1=line))
        ids.append(
            await identity.add_address(
                AddAddress(actor=await identity.acting(ada), details=details)
            )
        )
    page = await identity.belongings.addresses(ada, PageRequest(limit=2, include_total=True))
    assert [view.id for view in page.items] == ids[:2]
    assert page.total == Total(3, "eq")
    rest = await identity.belongings.addresses(ada, PageRequest(position=page.next))
    assert [view.id for view in rest.items] == ids[2:]
    view = await identity.belongings.address(ada, ids[0])
    assert view == page.items[0]
    assert view is not None
    for name in ("full_name", "company", "line1", "line2", "city", "region", "postal_code",
                 "country", "phone"):  # fmt: skip
        assert getattr(view, name) == getattr(address, name)
    assert (view.default_shipping, view.default_billing, view.version) == (True, True, 1)
    assert (view.created_at, view.updated_at) == (START, START)
    assert await identity.belongings.address(kate, ids[0]) is None
    assert await identity.belongings.address(ada, AddressId(UUID(int=1))) is None
    assert (await identity.belongings.addresses(kate, PageRequest())).items == ()
