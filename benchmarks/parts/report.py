"""One bench's outcome: a table, each row beside its rival, and a verdict for each bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.parts.numbers import figure

Cell = float | int | str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One bar: what was measured, the most (or least) it may be."""

    what: str
    measured: float
    limit: float
    unit: str = "×"
    at_most: bool = True

    @property
    def met(self) -> bool:
        """A measurement that is missing (nan) meets no bar."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        word = "PASS" if self.met else "MISS"
        return f"{word}  {self.what}: {figure(self.measured)} {self.unit} (bar {sign} {figure(self.limit)} {self.unit})"


@dataclass(slots=True)
class Report:
    """What one bench prints and what is kept of it."""

    name: str
    title: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def row(self, *cells: Cell) -> None:
        """Add a line to the table."""
        self.rows.append(cells)

    def bar(self, what: str, measured: float, limit: float, unit: str = "×", *, at_most: bool = True) -> None:
        """Hold a measurement against its bar."""
        self.verdicts.append(Verdict(what, measured, limit, unit, at_most))

    def text(self) -> str:
        """For a terminal."""
        cells = [list(self.columns), *[[figure(cell) for cell in row] for row in self.rows]]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.columns))]

        def line(row: list[str]) -> str:
            first, *rest = row
            return "  ".join([first.ljust(widths[0]), *[cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]])

        body = [line(cells[0]), "-" * len(line(cells[0])), *[line(row) for row in cells[1:]]]
        return "\n".join(
            [f"== {self.name}: {self.title}", *body, *[f"   {note}" for note in self.notes], *map(str, self.verdicts)]
        )

    def markdown(self) -> str:
        """For the documentation."""
        head = f"| {' | '.join(self.columns)} |\n|---|{'---:|' * (len(self.columns) - 1)}"
        body = "\n".join(f"| {' | '.join(figure(cell) for cell in row)} |" for row in self.rows)
        verdicts = "\n".join(
            f"- {'**MISS** ' if not one.met else ''}{str(one)[6:] if not one.met else one}" for one in self.verdicts
        )
        notes = "\n\n".join(self.notes)
        return "\n\n".join(part for part in (f"## {self.title}", f"{head}\n{body}", verdicts, notes) if part) + "\n"
