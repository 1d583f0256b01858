"""Grid of the cells that Textual wants on the terminal."""

from snaptui.terminal.cells import Brush, Cell, Palette
from snaptui.terminal.styles import Style
from snaptui.terminal.widths import clusters, is_narrow

Row = list[Cell]


class Grid:
    """Rows of cells with a cursor and a pen, moved and filled as a terminal would that does not wrap lines."""

    def __init__(self, palette: Palette, width: int, height: int) -> None:
        self._palette = palette
        self._blank = palette.plain.cells[" "]
        self.brush: Brush = palette.plain
        self.width = max(1, width)
        self.height = max(1, height)
        self.x = self.y = 0
        self.rows: list[Row] = [[self._blank] * self.width for _ in range(self.height)]

    def resize(self, width: int, height: int) -> None:
        """Cut or fill up at the right and below."""
        self.width, self.height = max(1, width), max(1, height)
        del self.rows[self.height :]
        for row in self.rows:
            if self.width < len(row):
                self._part(row, self.width)
            del row[self.width :]
            row += [self._blank] * (self.width - len(row))
        self.rows += [[self._blank] * self.width for _ in range(self.height - len(self.rows))]
        self.move(self.x, self.y)

    def move(self, x: int, y: int) -> None:
        """Move the cursor, as far as there are cells."""
        self.x = min(max(x, 0), self.width - 1)
        self.y = min(max(y, 0), self.height - 1)

    def line_feed(self) -> None:
        """Go to the start of the next line (a terminal line adds the carriage return); the last line scrolls."""
        if self.y + 1 < self.height:
            self.move(0, self.y + 1)
        else:
            self.rows.append([self._blank] * self.width)
            del self.rows[0]
            self.x = 0
            self.erase(self.y, 0, self.width)

    def put(self, text: str) -> None:
        """Print a text without control characters at the cursor."""
        if not is_narrow(text):
            self._put_clusters(text)
            return
        row, x = self.rows[self.y], min(self.x, self.width - 1)
        end = x + len(text)
        if end > self.width:
            # Without wrapping (DECAWM off) each letter too many is printed over the one in the last column.
            text = text[: self.width - 1 - x] + text[-1]
            end = self.width
        if row[x].width == 0:
            self._part(row, x)
        if end < self.width and row[end].width == 0:
            self._part(row, end)
        row[x:end] = map(self.brush.cells.__getitem__, text)
        self.x = end

    def _put_clusters(self, text: str) -> None:
        for cluster, width, sure in clusters(text):
            if width:
                self._put_cell(self.brush.cluster(cluster, min(width, self.width), sure))
            else:
                self._add_to_last(cluster)

    def _put_cell(self, cell: Cell) -> None:
        row, x = self.rows[self.y], min(self.x, self.width - cell.width)
        end = x + cell.width
        self._part(row, x)
        self._part(row, end)
        row[x:end] = [cell] + [cell.brush.right_half] * (cell.width - 1)
        self.x = end

    def _add_to_last(self, mark: str) -> None:
        """Add something without a width to the character left of the cursor."""
        row, x = self.rows[self.y], self.x - 1
        if x > 0 and row[x].width == 0:
            x -= 1
        if x >= 0:
            last = row[x]
            row[x] = last.brush.cluster(last.text + mark, last.width, False)

    @staticmethod
    def _part(row: Row, x: int) -> None:
        """Leave blanks of a wide character that lies on both sides of `x`: one half of it is about to go."""
        if x < len(row) and row[x].width == 0:
            blank = row[x].brush.cells[" "]
            row[x - 1] = row[x] = blank

    def erase(self, y: int, start: int, end: int) -> None:
        """Make cells of a row blanks in the pen's colours."""
        row, start, end = self.rows[y], min(start, self.width - 1), min(end, self.width)
        style, brush = self.brush.style, self.brush
        if not brush.erasable:
            brush = self._palette.brush(Style(style.foreground, style.background))
        self._part(row, start)
        self._part(row, end)
        row[start:end] = [brush.cells[" "]] * (end - start)
