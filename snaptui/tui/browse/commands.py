"""Commands of the browse screen: where each key leads, one row a command, in the order of help and README."""

from collections.abc import Callable
from functools import partial
from typing import Final

from textual.message import Message

from snaptui.inventory.marks import Marks
from snaptui.text.columns import COLUMNS, MORE_COLUMNS, Column
from snaptui.tui.browse import obstacles
from snaptui.tui.browse.actions import BrowseActions
from snaptui.tui.browse.rooms import Rooms
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.keys.command import FARTHEST, Command, Commands, Group
from snaptui.tui.messages import (
    HelpRequested,
    LeaveRequested,
    PaletteRequested,
    ReloadRequested,
    TokenRequested,
)

Act = BrowseActions
MOVE, FIND, SORT, MARK = Group.MOVE, Group.FIND, Group.SORT, Group.MARK
LOOK, DELETE, AUDIT, PROGRAM = Group.LOOK, Group.DELETE, Group.AUDIT, Group.PROGRAM
_EMPTY: Final = obstacles.nothing_shown
_UNSURE: Final = obstacles.cannot_mark_all
_NO_ROW: Final = obstacles.no_row
_BEGUN: Final = obstacles.cannot_take_back


def _open(room: Callable[[Rooms], None]) -> Callable[[BrowseActions], None]:
    return lambda act: room(act.rooms)


def _ask(request: Callable[[], Message]) -> Callable[[BrowseActions], None]:
    return lambda act: act.ask(request())


def _sort_by(digit: str, column: Column) -> Command[BrowseActions, BrowseState]:
    return Command(digit, lambda act: act.sort(column.key), f"sort by {column.heading}; again reverses", SORT)


# The key bar shows the commands that have a hint, from the left; where there is little room the last stays.
COMMANDS: Final[Commands[BrowseActions, BrowseState]] = Commands(
    Command("j,down", partial(Act.move, rows=1), "down", MOVE, obstacle=_EMPTY, of_row=True),
    Command("k,up", partial(Act.move, rows=-1), "up", MOVE, obstacle=_EMPTY, of_row=True),
    Command("g,home", partial(Act.move, rows=-FARTHEST), "first", MOVE, obstacle=_EMPTY, of_row=True),
    Command("G,end", partial(Act.move, rows=FARTHEST), "last", MOVE, obstacle=_EMPTY, of_row=True),
    Command("],pagedown,ctrl+f", partial(Act.move_pages, pages=1), "next page", MOVE, obstacle=_EMPTY, of_row=True),
    Command("[,pageup,ctrl+b", partial(Act.move_pages, pages=-1), "page before", MOVE, obstacle=_EMPTY, of_row=True),
    Command("space", partial(Act.mark, marks=Marks.TOGGLE), "mark", MARK, "mark", _NO_ROW, of_row=True),
    Command("v", partial(Act.mark, marks=Marks.RANGE), "mark a range, end to end", MARK, obstacle=_NO_ROW, of_row=True),
    Command("A", partial(Act.mark, marks=Marks.ALL), "mark all that match the filter", MARK, obstacle=_UNSURE),
    Command("I", partial(Act.mark, marks=Marks.INVERT), "invert the marks of what is shown", MARK, obstacle=_UNSURE),
    Command("U", partial(Act.mark, marks=Marks.CLEAR), "clear all marks", MARK, obstacle=obstacles.no_marks),
    Command("d", _open(Rooms.review), "review and delete", DELETE, "delete", obstacles.cannot_delete, of_row=True),
    Command("u", Act.take_back, "take the batch back before it begins", DELETE, obstacle=_BEGUN),
    Command("l", _open(Rooms.deletions), "what was deleted and what failed", DELETE, obstacle=obstacles.no_deletions),
    Command("/", Act.filter, "filter as you type; Enter keeps it", FIND, "filter"),
    Command("escape", Act.back, "clear the filter, give up a range, stop loading", FIND),
    Command("t", Act.choose_type, "all, droplets only, volumes only", FIND, "type"),
    Command("o", Act.sort_by_next, "sort by the next column", SORT, "order"),
    Command("O", Act.reverse, "reverse the order", SORT),
    *map(_sort_by, "1234567890", (*COLUMNS, *MORE_COLUMNS)),
    Command("enter", _open(Rooms.details), "all about a snapshot, read again", LOOK, "details", _NO_ROW, of_row=True),
    Command("a", _open(Rooms.audit), "where the money is, and what could go", AUDIT, "audit", _EMPTY),
    Command("K", _open(Rooms.planner), "plan what a keep policy removes", AUDIT, obstacle=_EMPTY),
    Command("e", _open(Rooms.export), "export what is shown, or the marked", AUDIT, obstacle=_EMPTY),
    Command("p", Act.pane, "show or hide the details", LOOK, obstacle=obstacles.no_room_for_pane),
    Command("R", _ask(ReloadRequested), "load the list again", LOOK, obstacle=obstacles.cannot_load),
    Command("T", _ask(TokenRequested), "use another token", PROGRAM, obstacle=obstacles.has_own_token),
    Command("ctrl+p", _ask(PaletteRequested), "every command by name", PROGRAM),
    Command("q", _ask(LeaveRequested), "quit", PROGRAM, "quit"),
    Command(
        "?", _ask(lambda: HelpRequested(COMMANDS, of_list=True)), "every key and the query language", PROGRAM, "help"
    ),
)
