"""Demo catalogues of several sizes on one embedded PostgreSQL, made once and kept."""

import base64
import os
import subprocess
import urllib.request
from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID

import msgspec
import psycopg

from benchmarks.cases import Case
from benchmarks.load import HOST, request_bytes
from benchmarks.servers import BIN
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.application.catalog.queries import ProductSort
from ecommerce.application.shared.paging import Position
from ecommerce.entrypoints.http.paging import Cursors

PAGE = 20
PLAIN_SORTS = [sort for sort in ProductSort if sort is not ProductSort.RELEVANCE]
DEEP_PAGES = 10_000
_COLUMNS: Mapping[ProductSort, str] = {
    ProductSort.NAME: "name_key",
    ProductSort.NAME_DESC: "name_key",
    ProductSort.PRICE: "price",
    ProductSort.PRICE_DESC: "price",
}


def prepare(admin_url: str, products: int) -> str:
    """The URL of a migrated, filled and analysed database of that many demo products."""
    name = f"bench_{products}"
    url = admin_url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if found.fetchone() is not None:
            return url
        connection.execute(f'CREATE DATABASE "{name}_making" TEMPLATE template0')
    making = admin_url.replace("/postgres?", f"/{name}_making?")
    command(making, "migrate")
    command(making, "demo", "--products", str(products))
    with psycopg.connect(making, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}_making" RENAME TO "{name}"')
    return url


def command(url: str, *words: str) -> None:
    """Run one of the shop's commands on a database."""
    subprocess.run(  # noqa: S603 - our own command
        [str(BIN / "ecommerce"), *words], env={**os.environ, "DATABASE_URL": url}, check=True
    )


def cases(url: str, keys: KeyRing, first_cursor: Callable[[str], str]) -> list[Case]:
    """Every listing with and without a category, first page and deep; a product; the tree."""
    with psycopg.connect(url) as connection:
        slug, category_id, in_category = connection.execute(
            "SELECT c.slug, c.id::text, count(*) FROM category c"
            " JOIN category_listing l ON l.category_id = c.id AND l.status = 'active'"
            " WHERE c.parent_id IS NULL GROUP BY c.id ORDER BY count(*) DESC LIMIT 1"
        ).fetchone() or ("", "", 0)
        everything = connection.execute(
            "SELECT count(*) FROM product_listing WHERE status = 'active'"
        ).fetchone() or (0,)
        found = []
        for sort in PLAIN_SORTS:
            for category, total in ((None, everything[0]), (slug, in_category)):
                found += _listing(
                    connection, keys, first_cursor, sort, category, category_id, total
                )
        product = connection.execute(
            "SELECT slug FROM product_listing WHERE status = 'active'"
            " ORDER BY product_id OFFSET %s LIMIT 1",
            (everything[0] // 2,),
        ).fetchone() or ("",)
    return [
        *found,
        Case(
            name="product",
            kind="product",
            group="product by slug",
            slug=product[0],
            path=f"/v1/products/{product[0]}",
        ),
        Case(
            name="tree",
            kind="tree",
            group="category tree, 3 levels",
            depth=3,
            path="/v1/categories/tree?depth=3",
        ),
    ]


def _listing(
    connection: "psycopg.Connection[tuple[object, ...]]",
    keys: KeyRing,
    first_cursor: Callable[[str], str],
    sort: ProductSort,
    category: str | None,
    category_id: str,
    total: int,
) -> list[Case]:
    label = f"{sort.value}{', category' if category else ''}"
    within = f"&category={category}" if category else ""
    path = f"/v1/products?sort={sort.value}{within}"
    name = f"{sort.value.replace('-', 'desc_')}{'_category' if category else ''}"
    pages = min(DEEP_PAGES, total // PAGE - 2)
    column = _COLUMNS.get(sort)
    backwards = "DESC" if sort.value.startswith("-") else "ASC"
    order = f"{column} {backwards}, product_id {backwards}" if column else f"product_id {backwards}"
    table = "category_listing" if category else "product_listing"
    where = "status = 'active'" + (" AND category_id = %(category)s" if category else "")
    row = connection.execute(
        f"SELECT {column or 'NULL'}, product_id FROM {table} WHERE {where}"  # noqa: S608
        f" ORDER BY {order} OFFSET %(offset)s LIMIT 1",
        {"category": category_id, "offset": pages * PAGE - 1},
    ).fetchone()
    if row is None:
        raise RuntimeError(f"{label}: fewer than {pages} pages")
    position = Position(*cast("tuple[int | str | None, UUID]", row))
    cursor = Cursors(keys.derive("http")).write(query_of(first_cursor(path)), position)
    first = Case(
        name=name,
        kind="listing",
        group=f"{label}: first page",
        sort=sort,
        category=category,
        path=path,
    )
    deep = Case(
        name=f"{name}_deep",
        kind="listing",
        group=f"{label}: page {pages:,}",
        sort=sort,
        category=category,
        key=position.key,
        id=position.id,
        path=f"{path}&cursor={cursor}",
    )
    return [first, deep]


def query_of(cursor: str) -> bytes:
    """The query's fingerprint inside a cursor: behind the 16 bytes of its signature."""
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    query: bytes = msgspec.msgpack.decode(raw[16:])[0]
    return query


def body(port: int, path: str) -> bytes:
    """What the shop answers."""
    with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=10) as answer:
        content: bytes = answer.read()
    return content


def get(path: str) -> bytes:
    """A GET as it goes over the wire."""
    return request_bytes("GET", path)
