"""What a benchmark measured, of one build or of two side by side, and how it prints that beside its targets."""

import dataclasses
import json
import statistics


@dataclasses.dataclass
class Figure:
    """One row: what is measured, and at most or at least how much it should be; None where there is no target."""

    what: str
    unit: str
    target: float = None
    most: bool = True
    digits: int = 2

    def bound(self):
        if self.target is None:
            return ""
        return f"{'at most' if self.most else 'at least'} {self.target:,} {self.unit}".rstrip()

    def met(self, value):
        return value <= self.target if self.most else value >= self.target


class Results:
    """Rows in the order in which they were named first; a row has a measurement of each round, each with a note."""

    def __init__(self, builds=("measured",)):
        self.builds = builds
        self.figures = {}
        self.values = {}
        self.notes = {}
        self.reasons = {}

    def name(self, what, unit, target=None, most=True, digits=2):
        """Says that there is such a row. Without measurements it is not available."""
        self.figures.setdefault(what, Figure(what, unit, target, most, digits))

    def add(self, what, values, unit="", target=None, most=True, digits=2, build=None, note=""):
        """Adds measurements to a row."""
        self.name(what, unit, target, most, digits)
        key = what, build or self.builds[0]
        self.values.setdefault(key, []).extend(values)
        self.notes.setdefault(key, []).extend([note] * len(values))

    def unavailable(self, what, why, build=None):
        """Says why a row has no measurements, if it will have none."""
        self.reasons[what, build or self.builds[0]] = why

    def median(self, what, build):
        """The measurement in the middle, and the note of the one that is next to it."""
        values = self.values[what, build]
        middle = statistics.median(values)
        nearest = min(range(len(values)), key=lambda i: abs(values[i] - middle))
        return middle, self.notes[what, build][nearest]

    def cell(self, figure, build):
        values = self.values.get((figure.what, build))
        if not values:
            why = self.reasons.get((figure.what, build))
            return "not available" + (f": {why}" if why else "")
        number = f",.{figure.digits}f"
        middle, note = self.median(figure.what, build)
        text = f"{middle:{number}} {figure.unit}".rstrip()
        if len(values) > 1:
            text += f" ({min(values):{number}} to {max(values):{number}})"
        if note:
            text += f"; {note}"
        if figure.target is not None:
            text += ": met" if figure.met(middle) else ": missed"
        return text

    def print(self):
        print("| | " + " | ".join(self.builds) + " | target |\n|---|" + "---|" * (len(self.builds) + 1))
        for figure in self.figures.values():
            cells = [self.cell(figure, build) for build in self.builds]
            print(f"| {figure.what} | " + " | ".join(cells) + f" | {figure.bound()} |")

    def print_json(self):
        rows = []
        for figure in self.figures.values():
            row = {**dataclasses.asdict(figure), "measured": {}}
            for build in self.builds:
                values = self.values.get((figure.what, build))
                middle, note = self.median(figure.what, build) if values else (None, self.reasons.get((figure.what, build)))
                row["measured"][build] = {"median": middle, "note": note, "rounds": values or []}
            rows.append(row)
        print(json.dumps(rows, indent=2, ensure_ascii=False))
