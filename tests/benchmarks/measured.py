"""Row of the benchmark table: one finding of a benchmark."""

from dataclasses import dataclass
from typing import Final

HEADING: Final = "| what | snaptui | against | ratio | reach |\n|---|--:|--:|--:|--:|"


@dataclass(frozen=True)
class Measured:
    """One number; `figure` is what must not exceed `reach`: usually a ratio of what is written beside it."""

    what: str
    snaptui: str
    against: str
    figure: float
    reach: float

    @property
    def row(self) -> str:
        """The row of the Markdown table; what falls short is in bold."""
        figure = f"{self.figure:.2f}" if self.figure < 100 else f"{self.figure:,.0f}"
        said = figure if self.figure <= self.reach else f"**{figure}**"
        return f"| {self.what} | {self.snaptui} | {self.against} | {said} | {self.reach:g} |"
