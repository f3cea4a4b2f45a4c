"""Examples of what the catalogue takes and gives; tests hold them to their schemas."""

from typing import Final

_USD: Final = "USD"
_CATEGORY: Final = {
    "id": "019a8f00-5a00-7000-8000-00000000000b",
    "slug": "trail-shoes",
    "name": "Trail shoes",
}
_ROOT: Final = {
    "id": "019a8f00-5a00-7000-8000-00000000000a",
    "slug": "shoes",
    "name": "Shoes",
}
_CREATED: Final = "2026-01-05T09:30:00Z"

CREATE_VARIANT: Final = {
    "sku": "TRAIL-42-RED",
    "price": {"amount": 12900, "currency": _USD},
    "compare_at_price": {"amount": 14900, "currency": _USD},
    "options": {"Size": "42", "Colour": "Red"},
    "barcode": "4006381333931",
    "weight_grams": 640,
    "on_hand": 12,
}
CREATE_PRODUCT: Final = {
    "name": "Trail runner",
    "description": "A light shoe for rough ground.",
    "brand": "Northway",
    "status": "active",
    "attributes": {"material": "mesh", "drop_mm": 6, "terrain": ["rock", "mud"]},
    "tags": ["running", "outdoor"],
    "images": [{"url": "https://images.example.com/trail.jpg", "alt": "A red shoe"}],
    "variants": [CREATE_VARIANT],
}
CHANGE_PRODUCT: Final = {"name": "Trail runner II", "attributes": {"drop_mm": None}, "brand": None}
CHANGE_VARIANT: Final = {"price": {"amount": 9900, "currency": _USD}, "compare_at_price": None}
WRITE_PRODUCTS: Final = {
    "items": [
        CREATE_PRODUCT,
        {
            "variants": [
                {"sku": "ROAD-43-BLUE", "price": {"amount": 9900, "currency": _USD}, "on_hand": 30}
            ]
        },
        {"slug": "trail-sock", "category_id": "019a8f00-5a00-7000-8000-0000000000ff"},
    ],
    "on_error": "skip",
}
BULK_RESULTS: Final = {
    "results": [
        {
            "index": 0,
            "status": "created",
            "id": "019a8f00-5a00-7000-8000-000000000001",
            "slug": "trail-runner",
        },
        {
            "index": 1,
            "status": "updated",
            "id": "019a8f00-5a00-7000-8000-000000000003",
            "slug": "road-runner",
        },
        {
            "index": 2,
            "status": "failed",
            "error": {
                "code": "unknown_category",
                "title": "The category named does not exist",
                "detail": "The category named does not exist.",
                "errors": [
                    {
                        "pointer": "/items/2/category_id",
                        "detail": "The category named does not exist.",
                    }
                ],
            },
        },
    ]
}

VARIANT: Final = {
    "id": "019a8f00-5a00-7000-8000-000000000002",
    "sku": "TRAIL-42-RED",
    "barcode": "4006381333931",
    "options": {"Size": "42", "Colour": "Red"},
    "price": {"amount": 12900, "currency": _USD},
    "compare_at_price": {"amount": 14900, "currency": _USD},
    "weight_grams": 640,
    "in_stock": True,
}
CARD: Final = {
    "id": "019a8f00-5a00-7000-8000-000000000001",
    "slug": "trail-runner",
    "name": "Trail runner",
    "brand": "Northway",
    "status": "active",
    "category": _CATEGORY,
    "price": {"amount": 12900, "currency": _USD},
    "compare_at_price": {"amount": 14900, "currency": _USD},
    "price_max": {"amount": 12900, "currency": _USD},
    "in_stock": True,
    "image": {"url": "https://images.example.com/trail.jpg", "alt": "A red shoe"},
    "created_at": _CREATED,
}
PRODUCT: Final = {
    **CARD,
    "description": "A light shoe for rough ground.",
    "attributes": {"material": "mesh", "drop_mm": 6, "terrain": ["rock", "mud"]},
    "options": [{"name": "Size", "values": ["42"]}, {"name": "Colour", "values": ["Red"]}],
    "variants": [VARIANT],
    "images": [{"url": "https://images.example.com/trail.jpg", "alt": "A red shoe"}],
    "breadcrumbs": [_ROOT, _CATEGORY],
    "tags": ["running", "outdoor"],
    "updated_at": _CREATED,
    "version": 1,
}
PRODUCT_PAGE: Final = {
    "items": [CARD],
    "next_cursor": None,
    "previous_cursor": None,
    "total": {"value": 1, "relation": "eq"},
    "facets": {
        "category": [{**_ROOT, "count": 1}, {**_CATEGORY, "count": 1}],
        "brand": [{"value": "Northway", "count": 1}],
        "price": {
            "min": 12900,
            "max": 12900,
            "buckets": [{"min": 12900, "max": 12900, "count": 1}],
        },
        "attr.terrain": [{"value": "mud", "count": 1}, {"value": "rock", "count": 1}],
    },
    "explanations": [
        {
            "product_id": CARD["id"],
            "pinned": False,
            "exact_code": False,
            "score": 63280,
            "parts": [
                {
                    "word": "trial",
                    "matched": "trail",
                    "kind": "correction",
                    "rarity": 452,
                    "impact": 140,
                    "score": 63280,
                }
            ],
        }
    ],
}
SUGGESTIONS: Final = {
    "products": [
        {"id": CARD["id"], "slug": CARD["slug"], "name": CARD["name"], "image": CARD["image"]}
    ],
    "categories": [_CATEGORY],
    "queries": ["trail shoes"],
}

CREATE_ROOT: Final = {"name": "Camping", "description": "All for a night outdoors."}
CREATE_CATEGORY: Final = {
    "name": "Trail shoes",
    "parent_id": "019a8f00-5a00-7000-8000-00000000000a",
    "position": 2,
}
CHANGE_CATEGORY: Final = {"name": "Trail running", "parent_id": None}
CATEGORY: Final = {
    **_CATEGORY,
    "description": "",
    "parent_id": "019a8f00-5a00-7000-8000-00000000000a",
    "position": 2,
    "created_at": _CREATED,
    "updated_at": _CREATED,
    "version": 1,
}
CATEGORY_DETAIL: Final = {
    **CATEGORY,
    "ancestors": [_ROOT],
    "children": [],
    "product_count": {"value": 27, "relation": "eq"},
}
CATEGORY_PAGE: Final = {"items": [CATEGORY], "next_cursor": None, "previous_cursor": None}
TREE: Final = {
    "items": [{**_ROOT, "position": 0, "children": [{**_CATEGORY, "position": 2, "children": []}]}]
}
