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
    """Rows in the order in which they were named first; a row has the measurements of each round, and a note."""

    def __init__(self, builds=("measured",)):
        self.builds = builds
        self.figures = {}
        self.values = {}
        self.notes = {}

    def name(self, what, unit, target=None, most=True, digits=2):
        """Says that there is such a row. Without measurements it is not available."""
        self.figures.setdefault(what, Figure(what, unit, target, most, digits))

    def add(self, what, values, unit="", target=None, most=True, digits=2, build=None, note=""):
        """Adds measurements to a row."""
        self.name(what, unit, target, most, digits)
        key = what, build or self.builds[0]
        self.values.setdefault(key, []).extend(values)
        self.notes[key] = note

    def unavailable(self, what, why, build=None):
        self.notes.setdefault((what, build or self.builds[0]), why)

    def cell(self, figure, build):
        values, note = self.values.get((figure.what, build)), self.notes.get((figure.what, build), "")
        if not values:
            return "not available" + (f": {note}" if note else "")
        number = f",.{figure.digits}f"
        middle = statistics.median(values)
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
            row = dataclasses.asdict(figure)
            row["measured"] = {
                build: {
                    "median": statistics.median(self.values[figure.what, build]) if self.values.get((figure.what, build)) else None,
                    "rounds": self.values.get((figure.what, build), []),
                    "note": self.notes.get((figure.what, build), ""),
                }
                for build in self.builds
            }
            rows.append(row)
        print(json.dumps(rows, indent=2, ensure_ascii=False))
