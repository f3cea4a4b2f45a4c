"""The rows that were left out, beside the file they came from."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from ecommerce.adapters.csv.layout import LINE, REASON
from ecommerce.application.catalog.imported import Problem, ReadProduct

_WHOLE: Final = "another row of this product is not right"


class ErrorFile:
    """Has the same columns, a reason and the line; set right, it can be imported as it is.

    A product is left out whole, so all its rows are here. Without errors there is no file, and that
    of an earlier run is removed.
    """

    def __init__(self, source: Path, header: tuple[str, ...]) -> None:
        self.path: Final = source.with_name(f"{source.stem}.errors.csv")
        self._header: Final = [name for name in header if name not in {REASON, LINE}]
        self._kept_at: Final = [n for n, name in enumerate(header) if name not in {REASON, LINE}]
        self._file: TextIO | None = None
        self.rows = 0

    def __enter__(self) -> Self:
        """Forget the errors of earlier runs."""
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def keep(self, read: ReadProduct, problems: tuple[Problem, ...]) -> None:
        """Write the product's rows."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow([*self._header, REASON, LINE])
        writer = csv.writer(self._file)
        reasons: dict[int, str] = {}
        for each in problems:
            told = reasons.get(each.line)
            reasons[each.line] = f"{told}; {each.reason}" if told else each.reason
        for row in read.rows:
            cells = [row.cells[n] if n < len(row.cells) else "" for n in self._kept_at]
            writer.writerow([*cells, reasons.get(row.line, _WHOLE), row.line])
            self.rows += 1
