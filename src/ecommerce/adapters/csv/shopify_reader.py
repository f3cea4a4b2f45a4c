"""Reads a Shopify product export a product at a time; a file of any size, never held whole."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import BinaryIO, Final

from ecommerce.adapters.csv.layout import HANDLE, Layout, LayoutError
from ecommerce.adapters.csv.shopify_product import ProductRows, Rows
from ecommerce.application.catalog.imported import Problem, ReadProduct, SourceRow
from ecommerce.domain.shared.text import composed

_MAX_CELL: Final = 1_000_000
csv.field_size_limit(_MAX_CELL)

_PART: Final = 65_536
"""Bytes that are read and decoded at a time."""


class _Lines:
    """Decodes lines, counts their bytes, and remembers which cannot be stored.

    Text is in its one spelling from here on, as it is in everything that the domain makes.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file: Final = file
        self.bytes_read = 0
        self.bad: dict[int, str] = {}

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._parts())

    def _parts(self) -> Iterator[Sequence[str]]:
        number = 1
        while lines := self._file.readlines(_PART):
            part = b"".join(lines)
            self.bytes_read += len(part)
            if number == 1:
                lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
            yield self._decoded(part, lines, number)
            number += len(lines)

    def _decoded(self, part: bytes, lines: Sequence[bytes], first: int) -> Sequence[str]:
        """Nearly always all lines of a part can be stored as they are."""
        if b"\0" not in part:
            with suppress(UnicodeDecodeError):
                decoded = [line.decode() for line in lines]
                return decoded if part.isascii() else list(map(composed, decoded))
        return [self._mended(line, number) for number, line in enumerate(lines, first)]

    def _mended(self, line: bytes, number: int) -> str:
        if b"\0" in line:
            self.bad[number] = "has a NUL character"
            line = line.replace(b"\0", b"")
        try:
            return composed(line.decode())
        except UnicodeDecodeError:
            self.bad[number] = "is not UTF-8"
            return line.decode(errors="replace")


class ShopifyReader:
    """An iterator of products over an open file."""

    def __init__(self, file: BinaryIO, currency: str) -> None:
        self._lines: Final = _Lines(file)
        self._rows: Final = csv.reader(self._lines)
        try:
            header = next(self._rows)
        except (StopIteration, csv.Error) as error:
            raise LayoutError("the file has no first line that names its columns") from error
        self.layout: Final = Layout.of(header)
        self._product_rows: Final = ProductRows(self.layout, currency)

    @property
    def bytes_read(self) -> int:
        """How much of the file has been read."""
        return self._lines.bytes_read

    def __iter__(self) -> Iterator[ReadProduct]:
        """Consecutive rows of one Handle make a product."""
        handle_at = self.layout.places[HANDLE]
        width = len(self.layout.header)
        rows: Rows = []
        problems: list[Problem] = []
        handle = ""
        for line, cells, fault in self._numbered():
            reason = fault
            if reason is None and len(cells) != width:
                reason = f"has {len(cells)} cells, and the first line names {width} columns"
            own = cells[handle_at].strip() if len(cells) > handle_at else ""
            if rows and own != handle:
                yield self._product_rows.read(rows, problems)
                rows, problems = [], []
            handle = own
            rows.append(SourceRow(line, tuple(cells)))
            if reason is not None:
                problems.append(Problem(line, f"the row {reason}"))
        if rows:
            yield self._product_rows.read(rows, problems)

    def _numbered(self) -> Iterator[tuple[int, list[str], str | None]]:
        bad = self._lines.bad
        while True:
            line = self._rows.line_num + 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, [], f"cannot be read ({error})"
                continue
            reason = None
            if bad:
                reason = next(
                    (bad[n] for n in range(line, self._rows.line_num + 1) if n in bad), None
                )
            if cells:
                yield line, cells, reason
