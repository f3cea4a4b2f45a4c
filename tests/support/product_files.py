"""Product files for tests, small enough to read."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published",
    "Option1 Name", "Option1 Value", "Variant SKU", "Variant Grams", "Variant Inventory Qty",
    "Variant Inventory Policy", "Variant Price", "Variant Compare At Price", "Variant Barcode",
    "Image Src", "Image Position", "Image Alt Text", "Status",
)  # fmt: skip


def row(handle: str, **cells: str) -> dict[str, str]:
    """The first row of a product: keyword ``Variant_Price`` is the column ``Variant Price``."""
    told = {name.replace("_", " "): text for name, text in cells.items()}
    return {
        "Handle": handle,
        "Title": handle.title(),
        "Option1 Name": "Title",
        "Option1 Value": "Default Title",
        "Variant SKU": f"{handle}-sku",
        "Variant Inventory Qty": "5",
        "Variant Inventory Policy": "deny",
        "Variant Price": "19.99",
        "Status": "active",
        **told,
    }


def text(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """The file's text."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(file: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> Path:
    """Write the file."""
    file.write_text(text(rows, columns), encoding="utf-8", newline="")
    return file
