"""Filter line: the query is applied as it is typed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from textual.reactive import Reactive, reactive
from textual.widgets import Input

from snaptui.text.lines import Line, Piece, line, width_of
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.keys.command import Command, Commands, Group
from snaptui.tui.messages import FilterChanged, FilterLeft
from snaptui.tui.widgets.field import Field
from snaptui.tui.widgets.lines import Lines


class FilterInput(Field):
    """Text field of the filter: Enter and Down keep the text, Esc clears it; each gives the keys to the table."""

    # Textual would lay the whole screen out again for each letter; a longer text moves nothing else.
    virtual_size = Reactive(Size(0, 0))

    def clear_filter(self) -> None:
        """Clear the text, and give the keys to the table."""
        self.post_message(FilterLeft(clear=True))

    def leave(self) -> None:
        """Keep the text, and give the keys to the table."""
        self.post_message(FilterLeft(clear=False))

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["FilterInput", None]] = Commands(
        Command("escape", clear_filter, "clear the filter", Group.FIND, "clear"),
        Command("down", leave, "back to the table", Group.FIND, "to the table"),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


class FilterBar(Horizontal):
    """Widget with the resource type chosen with `t` and the text field of the query."""

    state: reactive[BrowseState] = reactive(BrowseState, repaint=False, init=False)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._prompt = Lines()
        self._input = FilterInput(text, placeholder="press / to find web tag:prod age>90d", compact=True)
        self._input.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Put the prompt before the text."""
        yield self._prompt
        yield self._input

    def on_mount(self) -> None:
        """Show the prompt."""
        self._show_prompt()

    def watch_state(self) -> None:
        """Show the type, and whether the query is right."""
        self._show_prompt()
        self._input.set_class(self.state.problem is not None, "-wrong")

    def _show_prompt(self) -> None:
        chosen = self.state.resource_type
        prompt: Line = line(" ", Piece(f"{chosen}s only ", "accent") if chosen else None, Piece("/ ", "key"))
        width = width_of(prompt)
        if self._prompt.styles.width is None or self._prompt.size.width != width:
            self._prompt.styles.width = width
        self._prompt.show((prompt,))

    def focus_text(self) -> None:
        """Give the keys to the text field."""
        self.screen.set_focus(self._input)

    def put(self, text: str) -> None:
        """Put a text in the field; the text in it leads, because keys arrive faster than answers to them."""
        with self._input.prevent(Input.Changed):
            self._input.value = text

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(FilterChanged(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(FilterLeft(clear=False))
