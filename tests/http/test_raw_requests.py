"""A corpus of hostile and careless requests: each is refused as a problem, none breaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import pytest
from litestar.types import ASGIApp
from tests.http.conftest import services, settings
from tests.http.raw import Header, RawAnswer, exchange
from tests.http.shared import application

from ecommerce.entrypoints.http.body import decode_body
from ecommerce.entrypoints.http.problem_types import HttpProblemError

LIMIT: Final = 64 * 1024
JSON: Final = (b"content-type", b"application/json")
PATCH: Final = (b"content-type", b"application/merge-patch+json")
STAFF: Final = (b"authorization", b"Bearer staff")
ID: Final = b"019a8f00-5a00-7000-8000-000000000001"

P: Final = b"/v1/products"
ONE: Final = b"/v1/products/" + ID
BULK: Final = b"/v1/products/bulk"
C: Final = b"/v1/categories"
S: Final = b"/v1/search/synonyms"
PINS: Final = b"/v1/search/pins"
VARIANT: Final = b'{"sku":"A","price":{"amount":1,"currency":"USD"}}'


@dataclass(frozen=True)
class Case:
    """A request, and what must come of it."""

    name: str
    method: str
    target: bytes
    status: int
    code: str
    body: tuple[bytes, ...] = (b"",)
    headers: tuple[Header, ...] = ()


def _query(name: str, query: bytes, status: int = 400, code: str = "malformed_request") -> Case:
    return Case(f"query: {name}", "GET", P + b"?" + query, status, code)


def _path(name: str, target: bytes, status: int = 400, code: str = "malformed_request") -> Case:
    return Case(f"path: {name}", "GET", target, status, code)


def _body(name: str, body: bytes, target: bytes = P, status: int = 400) -> Case:
    code = {400: "malformed_request", 413: "payload_too_large"}[status]
    return Case(f"body: {name}", "POST", target, status, code, (body,), (STAFF, JSON))


def _product(name: str, fields: bytes) -> Case:
    return _body(f"product {name}", b'{"name":"M","variants":[' + VARIANT + b"]," + fields + b"}")


def _variant(name: str, fields: bytes) -> Case:
    return _body(f"variant {name}", b'{"name":"M","variants":[{"sku":"A",' + fields + b"}]}")


def _header(
    name: str, header: Header, status: int, code: str, target: bytes = P, method: str = "POST"
) -> Case:
    body = b'{"name":"M","variants":[' + VARIANT + b"]}"
    kept = [h for h in (STAFF, JSON) if h[0] != header[0]]
    return Case(f"header: {name}", method, target, status, code, (body,), (*kept, header))


def _queries() -> Iterator[Case]:
    for value in (
        b"0", b"-1", b"101", b"10" * 15, b"1e3", b"1.0", b"+1", b"%201", b"0x10", b"", b"ten", b"NaN",  # noqa: E501
        b"%D9%A1", b"1" * 5000, b"null", b"true", b"%00", b"1%00",
    ):  # fmt: skip
        yield _query(f"limit={value[:12]!r}", b"limit=" + value)
    for value in (b"-1", b"1000000000001", b"9223372036854775808", b"NaN", b"Infinity", b"1e999"):
        yield _query(f"price_min={value!r}", b"price_min=" + value)
        yield _query(f"price_max={value!r}", b"price_max=" + value)
    for value in (b"1", b"TRUE", b"yes", b"", b"on", b"null"):
        yield _query(f"in_stock={value!r}", b"in_stock=" + value)
    for value in (b"Name", b"name,price", b"", b"relevance", b"id", b"-", b"%2Dname%00"):
        yield _query(f"sort={value!r}", b"sort=" + value)
    for value in (
        b"yesterday",
        b"2026-01-01",
        b"2026-01-01T00:00:00",
        b"0",
        b"2026-13-01T00:00:00Z",
    ):
        yield _query(f"created_after={value!r}", b"created_after=" + value)
    yield _query("limit twice", b"limit=1&limit=1")
    yield _query("sort twice", b"sort=name&sort=price")
    yield _query("cursor twice", b"cursor=a&cursor=a")
    yield _query("unknown", b"colour=red")
    yield from _searches()
    yield _query("empty name", b"=1")
    yield _query("no value", b"limit")
    yield _query("empty part", b"&")
    yield _query("case of a name", b"Limit=1")
    yield _query("attribute without a name", b"attr.=1")
    yield _query("attribute's name too long", b"attr." + b"a" * 65 + b"=1")
    yield _query("21 attributes", b"&".join(b"attr.a%d=1" % n for n in range(21)))
    yield _query("51 brands", b"&".join(b"brand=a" for _ in range(51)))
    yield _query("300 parameters", b"&".join(b"brand=a" for _ in range(300)))
    yield _query("empty brand", b"brand=")
    yield _query("empty category", b"category=")
    yield _query("brand too long", b"brand=" + b"a" * 200)
    yield _query("NUL in a brand", b"brand=a%00b")
    yield _query("bare NUL", b"brand=a\x00b")
    yield _query("half an escape", b"brand=%4")
    yield _query("no escape", b"brand=%zz")
    yield _query("not UTF-8", b"brand=%ff%fe")
    yield _query("raw bytes not UTF-8", b"brand=\xff\xfe")
    yield _query("surrogate", b"brand=%ed%a0%80")
    yield _query("overlong NUL", b"brand=%c0%80")
    yield _query("name not UTF-8", b"%ff=1")
    yield _query("unknown status", b"status=deleted")
    yield _query("status needs a token", b"status=draft", 401, "not_authenticated")
    for value in (b"a", b"====", b"%F0%9F%92%A9", b"A" * 8192, b"-_-_", b"BBBB" * 10, b"null"):
        yield _query(f"cursor={value[:12]!r}", b"cursor=" + value, 400, "invalid_cursor")
    yield _query("cursor too long", b"cursor=" + b"A" * 8193)
    yield _query("empty cursor", b"cursor=")
    yield Case("query: where none is taken", "GET", ONE + b"?x=1", 400, "malformed_request")
    yield Case("query: tree depth 0", "GET", C + b"/tree?depth=0", 400, "malformed_request")
    yield Case("query: tree depth 11", "GET", C + b"/tree?depth=11", 400, "malformed_request")
    for name, query in (
        ("empty", b"term="), ("too long", b"term=" + b"a" * 81), ("twice", b"term=a&term=b"),
        ("NUL", b"term=%00"), ("another", b"query=a"),
    ):  # fmt: skip
        yield Case(
            f"query: term {name}", "GET", S + b"?" + query, 400, "malformed_request",
            headers=(STAFF,),
        )  # fmt: skip
    yield Case(
        "query: pins by term", "GET", PINS + b"?term=a", 400, "malformed_request", headers=(STAFF,)
    )
    yield Case("query: no such root", "GET", C + b"/tree?root=none", 404, "category_not_found")


def _searches() -> Iterator[Case]:
    for name, query in (
        ("empty", b"q="), ("twice", b"q=a&q=b"), ("too long", b"q=" + b"a" * 16_385),
        ("NUL", b"q=%00"), ("NUL within", b"q=a%00b"), ("bare NUL", b"q=a\x00b"),
        ("not UTF-8", b"q=%ff"), ("surrogate", b"q=%ed%a0%80"), ("half an escape", b"q=100%"),
    ):  # fmt: skip
        yield _query(f"q {name}", query)
        address = b"/v1/search/suggest?" + query
        yield Case(f"suggest: {name}", "GET", address, 400, "malformed_request")
    for query in (
        b"", b"q=" + b"a" * 201, b"q=a&limit=0", b"q=a&limit=11", b"q=a&limit=x", b"q=a&cursor=a",
        b"q=a&sort=name", b"query=a",
    ):  # fmt: skip
        address = b"/v1/search/suggest?" + query
        yield Case(f"suggest: {query[:20]!r}", "GET", address, 400, "malformed_request")
    for value in (
        b"", b",", b"brand,", b"BRAND", b"colour", b"attr", b"attr.", b"price%0A", b"attr.a%00",
        b"brand;price", b"*", b"brand%20", b",".join(b"attr.%d" % n for n in range(21)),
    ):  # fmt: skip
        yield _query(f"facets={value[:12]!r}", b"facets=" + value)
    yield _query("facets twice", b"facets=brand&facets=price")
    for flag in (b"in_stock_first", b"explain"):
        for value in (b"", b"1", b"yes", b"TRUE"):
            yield _query(f"{flag!r}={value!r}", flag + b"=" + value)
    yield _query("explain needs a token", b"explain=true", 401, "not_authenticated")
    yield _query("relevance to nothing", b"sort=relevance&facets=brand")


def _paths() -> Iterator[Case]:
    yield _path("NUL", P + b"/%00")
    yield _path("NUL within", P + b"/mug%00")
    yield _path("not UTF-8", P + b"/%ff")
    yield _path("overlong slash", P + b"/%c0%af")
    yield _path("half an escape", P + b"/%4")
    yield _path("no escape", P + b"/%zz")
    yield _path("empty id", P + b"/", 404, "not_found")
    yield _path("empty id within", P + b"//variants", 404, "not_found")
    yield _path("nothing there", b"/v2/products", 404, "not_found")
    yield _path("below nothing", ONE + b"/nothing", 404, "not_found")
    yield _path("upwards", b"/docs/../../etc/passwd", 404, "not_found")
    yield _path("escaped upwards", b"/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404, "not_found")
    for key in (
        b"null", b"undefined", b"0", b"-1", b"%20", b"Mug", b"mug%2Fcup", b"a" * 201, b"--", b"m%C3%BCg",  # noqa: E501
        b"%27%20OR%201=1--", ID.upper(), ID.replace(b"-", b""), b"{" + ID + b"}", b"urn:uuid:" + ID,
        b"%EF%BC%91", b"mug%0A", b"mug%0D%0AX-A:%20b", b"....", b"%E2%80%AE",
    ):  # fmt: skip
        yield _path(f"product {key[:24]!r}", P + b"/" + key, 404, "product_not_found")
        yield _path(f"category {key[:24]!r}", C + b"/" + key, 404, "category_not_found")
    for method, sent in (("PATCH", b"{}"), ("DELETE", b"")):
        yield Case(
            f"path: {method} by slug", method, P + b"/mug", 404, "product_not_found", (sent,),
            (STAFF, PATCH),
        )  # fmt: skip
        yield Case(
            f"path: {method} category by slug", method, C + b"/mug", 404, "category_not_found",
            (sent,), (STAFF, PATCH),
        )  # fmt: skip
    for key in (b"null", b"0", b"%20", b"mug", ID.replace(b"-", b""), b"%F0%9F%92%A9", ID):
        for method, body in (("GET", b""), ("PUT", None), ("DELETE", b"")):
            for target, code, given in (
                (S, "synonym_group_not_found", b'{"terms":["a","b"]}'),
                (PINS, "pin_not_found", b'{"query":"a","product_ids":["' + ID + b'"]}'),
            ):
                yield Case(
                    f"path: {method} {target.decode()} {key[:24]!r}", method, target + b"/" + key,
                    404, code, (given if body is None else body,), (STAFF, JSON),
                )  # fmt: skip
    for sku in (b"nothing", b"a%2Fb", b"%20", b"a" * 101, b"%F0%9F%92%A9"):
        yield Case(
            f"path: sku {sku[:12]!r}", "GET", b"/v1/inventory/" + sku, 404, "sku_not_found",
            headers=(STAFF,),
        )  # fmt: skip


def _bodies() -> Iterator[Case]:
    for name, body in (
        ("empty", b""), ("blank", b" "), ("word", b"mug"), ("half", b'{"name":'), ("two", b"{}{}"),
        ("comma", b'{"name":"a",}'), ("single quotes", b"{'name':'a'}"), ("comment", b"{/**/}"),
        ("BOM", b"\xef\xbb\xbf{}"), ("UTF-16", '{"name":"a"}'.encode("utf-16")),
        ("bad UTF-8", b'{"name":"\xff"}'), ("surrogate bytes", b'{"name":"\xed\xa0\x80"}'),
        ("lone surrogate", b'{"name":"\\ud800"}'),
        ("array", b"[]"), ("null", b"null"), ("number", b"1"), ("string", b'"a"'), ("true", b"true"),  # noqa: E501
        ("NUL", b'{"name":"a\x00"}'), ("escaped NUL", b'{"name":"a\\u0000"}'),
        ("NUL after the end", b"{}\x00"),
        ("deep arrays", b"[" * 100_00 + b"]" * 100_00),
        ("deep objects", b'{"a":' * 9_000 + b"1" + b"}" * 9_000),
        ("deep attributes", b'{"name":"a","attributes":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}}"),  # noqa: E501
        ("unclosed depth", b"[" * 60_000),
        ("form", b"name=a&price=1"), ("XML", b"<a/>"),
    ):  # fmt: skip
        yield _body(name, body)
    yield _body("over the limit", b'{"name":"' + b"a" * LIMIT + b'"}', status=413)
    yield Case(
        "body: over the limit in pieces", "POST", P, 413, "payload_too_large",
        (b'{"name":"',) + (b"a" * 4096,) * 20, (STAFF, JSON),
    )  # fmt: skip
    yield Case(
        "body: nesting of 100,000", "POST", P, 413, "payload_too_large",
        (b"[" * 100_000,), (STAFF, JSON),
    )  # fmt: skip
    yield Case(
        "body: declared over the limit", "POST", P, 413, "payload_too_large", (b"{}",),
        (STAFF, JSON, (b"content-length", b"999999999999999999999999")),
    )  # fmt: skip
    for name, fields in (
        ("with NUL", b'"brand":"a\\u0000b"'),
        ("with a bare NUL", b'"brand":"a\x00b"'),
        ("unknown field", b'"x":1'), ("id", b'"id":"' + ID + b'"'), ("version", b'"version":9'),
        ("created_at", b'"created_at":"2026-01-01T00:00:00Z"'), ("name twice", b'"name":"N"'),
        ("name null", b'"slug":1'), ("slug empty", b'"slug":""'), ("slug blank", b'"slug":" "'),
        ("slug in capitals", b'"slug":"Mug"'), ("slug with a slash", b'"slug":"a/b"'),
        ("slug too long", b'"slug":"' + b"a" * 201 + b'"'),
        ("status", b'"status":"deleted"'), ("category empty", b'"category_id":""'),
        ("category slug", b'"category_id":"shoes"'), ("category number", b'"category_id":1'),
        ("tags a string", b'"tags":"a"'), ("tag empty", b'"tags":[""]'), ("tag null", b'"tags":[null]'),  # noqa: E501
        ("tags too many", b'"tags":[' + b",".join([b'"a"'] * 251) + b"]"),
        ("attributes a list", b'"attributes":[]'), ("attribute null", b'"attributes":{"a":null}'),
        ("attribute object", b'"attributes":{"a":{}}'), ("attribute nested", b'"attributes":{"a":[[1]]}'),  # noqa: E501
        ("attribute 1e999", b'"attributes":{"a":1e999}'), ("attribute NaN", b'"attributes":{"a":NaN}'),  # noqa: E501
        ("attribute 2^64", b'"attributes":{"a":18446744073709551616}'),
        ("attribute twice", b'"attributes":{"a":1,"a":2}'),
        ("attribute without a name", b'"attributes":{"":1}'),
        ("image without address", b'"images":[{}]'), ("image script", b'"images":[{"url":"javascript:1"}]'),  # noqa: E501
        ("image file", b'"images":[{"url":"file:///etc/passwd"}]'),
        ("description too long", b'"description":"' + b"a" * 100_001 + b'"'),
    ):  # fmt: skip
        case = _product(name, fields)
        yield (
            case
            if len(case.body[0]) <= LIMIT
            else Case(
                case.name,
                case.method,
                case.target,
                413,
                "payload_too_large",
                case.body,
                case.headers,
            )
        )
    for name, fields in (
        ("no price", b'"options":{}'), ("price a number", b'"price":1'), ("price null", b'"price":null'),  # noqa: E501
        ("amount negative", b'"price":{"amount":-1,"currency":"USD"}'),
        ("amount too large", b'"price":{"amount":1000000000001,"currency":"USD"}'),
        ("amount 2^63", b'"price":{"amount":9223372036854775808,"currency":"USD"}'),
        ("amount 10^5000", b'"price":{"amount":1' + b"0" * 5000 + b',"currency":"USD"}'),
        ("amount fraction", b'"price":{"amount":1.5,"currency":"USD"}'),
        ("amount exponent", b'"price":{"amount":1e999,"currency":"USD"}'),
        ("amount NaN", b'"price":{"amount":NaN,"currency":"USD"}'),
        ("amount Infinity", b'"price":{"amount":Infinity,"currency":"USD"}'),
        ("amount a string", b'"price":{"amount":"1","currency":"USD"}'),
        ("amount true", b'"price":{"amount":true,"currency":"USD"}'),
        ("currency in small", b'"price":{"amount":1,"currency":"usd"}'),
        ("currency long", b'"price":{"amount":1,"currency":"USDT"}'),
        ("currency look-alike", '"price":{"amount":1,"currency":"UЅD"}'.encode()),
        ("on hand negative", b'"price":{"amount":1,"currency":"USD"},"on_hand":-1'),
        ("on hand too many", b'"price":{"amount":1,"currency":"USD"},"on_hand":1000000001'),
        ("weight negative", b'"price":{"amount":1,"currency":"USD"},"weight_grams":-1'),
        ("weight 2^31", b'"price":{"amount":1,"currency":"USD"},"weight_grams":2147483648'),
        ("option null", b'"price":{"amount":1,"currency":"USD"},"options":{"a":null}'),
        ("option empty", b'"price":{"amount":1,"currency":"USD"},"options":{"a":""}'),
        ("sku twice", b'"sku":"B","price":{"amount":1,"currency":"USD"}'),
        ("in_stock given", b'"price":{"amount":1,"currency":"USD"},"in_stock":true'),
    ):  # fmt: skip
        yield _variant(name, fields)
    for name, body, code in (
        (
            "slug ends its line",
            b'{"name":"M","slug":"a\\n","variants":[' + VARIANT + b"]}",
            "invalid_slug",
        ),
        (
            "currency ends its line",
            b'{"name":"M","variants":[{"sku":"A","price":{"amount":1,"currency":"USD\\n"}}]}',
            "invalid_money",
        ),
        (
            "another currency",
            b'{"name":"M","variants":[{"sku":"A","price":{"amount":1,"currency":"EUR"}}]}',
            "currency_not_supported",
        ),
        (
            "slug like an id",
            b'{"name":"M","slug":"' + ID + b'","variants":[' + VARIANT + b"]}",
            "invalid_slug",
        ),
    ):
        yield Case(f"body: {name}", "POST", P, 422, code, (body,), (STAFF, JSON))
    for name, body in (
        ("no items", b'{"items":[]}'), ("items null", b'{"items":null}'),
        ("items missing", b"{}"), ("item null", b'{"items":[null]}'),
        ("1,001 items", b'{"items":[' + b",".join([b"{}"] * 1_001) + b"]}"),
        ("on_error unknown", b'{"items":[{}],"on_error":"go"}'),
        ("on_error null", b'{"items":[{}],"on_error":null}'),
        ("item with an id", b'{"items":[{"id":"' + ID + b'"}]}'),
        ("item twice named", b'{"items":[{"name":"a","name":"b"}]}'),
        ("variant without sku", b'{"items":[{"variants":[{"on_hand":1}]}]}'),
        ("on_hand null", b'{"items":[{"variants":[{"sku":"A","on_hand":null}]}]}'),
        ("on_hand fraction", b'{"items":[{"variants":[{"sku":"A","on_hand":0.5}]}]}'),
        ("price null", b'{"items":[{"variants":[{"sku":"A","price":null}]}]}'),
        ("2,001 variants", b'{"items":[{"variants":[' + b",".join([b'{"sku":"A"}'] * 2_001) + b"]}]}"),  # noqa: E501
    ):  # fmt: skip
        yield _body(f"bulk: {name}", body, BULK)
    for name, body, code in (
        ("item empty", b'{"items":[{}]}', "bulk_aborted"),
        ("currency with a line end", b'{"items":[{"variants":[{"sku":"A","price":{"amount":1,"currency":"USD\\n"}}]}]}', "invalid_money"),  # noqa: E501
    ):  # fmt: skip
        yield Case(f"body: bulk: {name}", "POST", BULK, 422, code, (body,), (STAFF, JSON))
    yield _body("no variants", b'{"name":"M","variants":[]}')
    yield _body("variants null", b'{"name":"M","variants":null}')
    yield _body("2,001 variants", b'{"name":"M","variants":[' + b",".join([b"{}"] * 2_001) + b"]}")
    yield _body(
        "sku empty", b'{"name":"M","variants":[{"sku":"","price":{"amount":1,"currency":"USD"}}]}'
    )
    for name, body in (
        ("delta missing", b'{"reason":"a"}'), ("delta 10^10", b'{"delta":10000000000,"reason":"a"}'),  # noqa: E501
        ("delta fraction", b'{"delta":0.5,"reason":"a"}'), ("reason empty", b'{"delta":1,"reason":""}'),  # noqa: E501
        ("reason too long", b'{"delta":1,"reason":"' + b"a" * 201 + b'"}'),
        ("actor given", b'{"delta":1,"reason":"a","actor_id":"' + ID + b'"}'),
    ):  # fmt: skip
        yield _body(f"adjustment {name}", body, b"/v1/inventory/A/adjustments")
    for name, body in (
        ("parent empty", b'{"name":"a","parent_id":""}'), ("parent slug", b'{"name":"a","parent_id":"b"}'),  # noqa: E501
        ("position negative", b'{"name":"a","position":-1}'), ("path given", b'{"name":"a","path":[]}'),  # noqa: E501
        ("position 2^40", b'{"name":"a","position":1099511627776}'), ("no name", b'{"slug":"a"}'),
    ):  # fmt: skip
        yield _body(f"category {name}", body, C)
    for name, body in (
        ("name null", b'{"name":null}'),
        ("version", b'{"version":2}'),
        ("list", b"[]"),
    ):
        yield Case(
            f"body: patch {name}", "PATCH", ONE, 400, "malformed_request", (body,), (STAFF, PATCH)
        )


def _merchandising_bodies() -> Iterator[Case]:
    for name, body in (
        ("missing", b"{}"), ("null", b'{"terms":null}'), ("a string", b'{"terms":"mug"}'),
        ("one", b'{"terms":["a"]}'), ("21", b'{"terms":[' + b",".join([b'"a"'] * 21) + b"]}"),
        ("empty", b'{"terms":["a",""]}'), ("number", b'{"terms":["a",1]}'),
        ("term null", b'{"terms":["a",null]}'), ("nested", b'{"terms":[["a"],["b"]]}'),
        ("too long", b'{"terms":["a","' + b"b" * 81 + b'"]}'),
        ("NUL", b'{"terms":["a","b\\u0000"]}'), ("lone surrogate", b'{"terms":["a","\\ud800"]}'),
        ("id", b'{"terms":["a","b"],"id":"' + ID + b'"}'),
        ("twice", b'{"terms":["a","b"],"terms":["c","d"]}'),
    ):  # fmt: skip
        yield _body(f"synonyms {name}", body, S)
    product = b'"product_ids":["' + ID + b'"]'
    for name, body in (
        ("no products", b'{"query":"a"}'), ("none", b'{"query":"a","product_ids":[]}'),
        ("21", b'{"query":"a","product_ids":[' + b",".join([b'"' + ID + b'"'] * 21) + b"]}"),
        ("product null", b'{"query":"a","product_ids":[null]}'),
        ("product slug", b'{"query":"a","product_ids":["mug"]}'),
        ("products a string", b'{"query":"a","product_ids":"' + ID + b'"}'),
        ("query empty", b'{"query":"",' + product + b"}"),
        ("query number", b'{"query":1,' + product + b"}"),
        ("query too long", b'{"query":"' + b"a" * 201 + b'",' + product + b"}"),
        ("query NUL", b'{"query":"a\\u0000",' + product + b"}"),
        ("category slug", b'{"category_id":"shoes",' + product + b"}"),
        ("version", b'{"query":"a","version":1,' + product + b"}"),
    ):  # fmt: skip
        yield _body(f"pin {name}", body, PINS)
    for name, target, text, code in (
        ("synonyms the same", S, '{"terms":["mug","M\\u00fag"]}', "invalid_synonyms"),
        ("synonyms of signs", S, '{"terms":["mug","\\u0301\\u200d"]}', "invalid_synonyms"),
        ("pin nowhere", PINS, "{" + product.decode() + "}", "invalid_pin"),
        ("pin of signs", PINS, '{"query":"\\u0301",' + product.decode() + "}", "invalid_pin"),
        (
            "pin of nothing",
            PINS,
            '{"query":"a",' + product.decode() + "}",
            "unknown_pinned_products",
        ),
    ):
        yield Case(f"body: {name}", "POST", target, 422, code, (text.encode(),), (STAFF, JSON))


def _headers() -> Iterator[Case]:
    for kind in (
        b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=a", b"",  # noqa: E501
        b"application/jsonp", b"application/json; charset=latin-1", b"application/json, text/plain",
        b"application/merge-patch+json", b"text/json", b"application/json; x=1", b"*/*", b"\xff",
    ):  # fmt: skip
        yield _header(f"type {kind!r}", (b"content-type", kind), 415, "unsupported_media_type")
    yield Case("header: no type", "POST", P, 415, "unsupported_media_type", (b"{}",), (STAFF,))
    yield _header("gzip", (b"content-encoding", b"gzip"), 415, "unsupported_media_type")
    for value in (
        b"Basic c3RhZmY6c3RhZmY=", b"Basic staff", b"Bearer", b"Bearer ", b"staff", b"Bearer staff staff",  # noqa: E501
        b"Bearer st,ff", b"Bearer\tstaff", b"Token staff", b"", b"Bearer \xff", b"bearerstaff", b"null",  # noqa: E501
        b"Bearer " + b"a" * 5000,
    ):  # fmt: skip
        yield _header(f"auth {value[:20]!r}", (b"authorization", value), 401, "not_authenticated")
        yield Case(
            f"header: public read, auth {value[:20]!r}", "GET", P, 401, "not_authenticated",
            headers=((b"authorization", value),),
        )  # fmt: skip
    for value in (b"Bearer forged", b"Bearer eyJhbGciOiJub25lIn0.e30."):
        yield _header(f"auth {value!r}", (b"authorization", value), 401, "invalid_token")
    yield Case(
        "header: auth twice", "POST", P, 401, "not_authenticated", (b"{}",), (STAFF, STAFF, JSON)
    )
    for value in (b"", b"a b", b"a" * 256, b"\xe9", b"a\tb", b"\x7f"):
        yield _header(f"key {value[:8]!r}", (b"idempotency-key", value), 400, "malformed_request")
    for value in (
        b"1",
        b'"1',
        b"W/1",
        b'"1" "2"',
        b"*, *",
        b'"1-0123456789abcdef",,1',
        b'"1",, *',
        b"\xff",
    ):
        for method in ("PATCH", "DELETE"):
            yield Case(
                f"header: {method} If-Match {value!r}", method, ONE, 400, "malformed_request",
                (b"{}" if method == "PATCH" else b"",), (STAFF, PATCH, (b"if-match", value)),
            )  # fmt: skip
    yield Case(
        "header: If-None-Match",
        "GET",
        C,
        400,
        "malformed_request",
        headers=((b"if-none-match", b"x"),),
    )


def _methods() -> Iterator[Case]:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "FOO", "get", "CONNECT"):
        yield Case(f"method: {method}", method, P, 405, "method_not_allowed")
    for method in ("POST", "PUT", "OPTIONS"):
        yield Case(f"method: {method} on one", method, ONE, 405, "method_not_allowed")
    for target in (S, PINS):
        for method in ("PUT", "DELETE", "PATCH"):
            name = f"method: {method} {target.decode()}"
            yield Case(name, method, target, 405, "method_not_allowed")
        for method in ("POST", "PATCH"):
            name = f"method: {method} one of {target.decode()}"
            yield Case(name, method, target + b"/" + ID, 405, "method_not_allowed")
    yield Case("method: on nothing", "FOO", b"/nothing", 404, "not_found")


CASES: Final = [
    *_queries(),
    *_paths(),
    *_bodies(),
    *_merchandising_bodies(),
    *_headers(),
    *_methods(),
]


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return application(services(settings=settings(body_limit_bytes=LIMIT)))


def test_the_corpus_is_a_corpus() -> None:
    assert len(CASES) >= 100
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_it_is_refused_as_a_problem(app: ASGIApp, case: Case) -> None:
    answer = await exchange(app, case.method, case.target, headers=case.headers, chunks=case.body)
    _is_problem(answer, case.status, case.code)


def _is_problem(answer: RawAnswer, status: int, code: str) -> None:
    problem = answer.json()
    assert (answer.status, problem["code"]) == (status, code), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    if status == 405:
        assert "GET" in answer.headers["allow"]
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")


class _Nest(msgspec.Struct):
    child: "_Nest | None" = None


def test_nesting_that_a_body_allows_is_bounded_too() -> None:
    depth = 100_000
    with pytest.raises(HttpProblemError, match="nested too deeply"):
        decode_body(b'{"child":' * depth + b"null" + b"}" * depth, _Nest)


@pytest.mark.parametrize("host", [b"", b"a b", b"shop.test/x", b"shop.test:99999999", b"\xff"])
async def test_a_host_that_is_none_breaks_nothing(app: ASGIApp, host: bytes) -> None:
    answer = await exchange(app, "GET", P, headers=[(b"host", host)])
    assert answer.status < 500


def _ids() -> Sequence[tuple[bytes, bool]]:
    return [
        (b"my-id_1.2:3/4+5=@", True),
        (b"a" * 128, True),
        (b"a" * 129, False),
        (b"", False),
        (b"a b", False),
        (b"a\r\nx: y", False),
        (b"<script>", False),
        (b"\xff", False),
    ]


@pytest.mark.parametrize(("given", "kept"), _ids())
async def test_request_ids_are_taken_or_made(app: ASGIApp, given: bytes, *, kept: bool) -> None:
    answer = await exchange(app, "GET", b"/health/live", headers=[(b"x-request-id", given)])
    assert (answer.headers["x-request-id"] == given.decode("latin-1")) is kept
    assert len(answer.headers["x-request-id"]) > 10 or kept
