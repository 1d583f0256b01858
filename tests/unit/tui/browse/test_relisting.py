from collections.abc import Callable

from snaptui.digitalocean.api.errors import ConnectionFailedError
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.tui.browse.facts import failed
from snaptui.tui.browse.relisting import Relisting
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import Step

NOW = 1_790_000_000.0
WHOLE = Coverage(total=3, received=3, pages_expected=1, pages_received=1, finished=True)


def row(number: int) -> Snapshot:
    return Snapshot(str(number), f"web-{number}", None, float(number), ("nyc1",), 1, 2.0, "7", "volume", ())


class Screen:
    """Holds a state and every state that it has had; `meanwhile` is done once, while a change is under way."""

    def __init__(self, meanwhile: Callable[[BrowseState], BrowseState] = lambda state: state) -> None:
        self.states = [BrowseState()]
        self._meanwhile = meanwhile
        self.ended = 0
        self.relisting = Relisting(self.current, self.states.append, self._end, lambda: NOW)
        self._asked = 0

    def _end(self) -> None:
        self.ended += 1

    def current(self) -> BrowseState:
        self._asked += 1
        if self._asked == 2:
            self.states[-1] = self._meanwhile(self.states[-1])
        return self.states[-1]

    @property
    def names(self) -> list[str]:
        return [snapshot.name for snapshot in self.states[-1].browsing.view.slice(0, 9)]


async def test_rows_and_how_much_they_are_arrive_as_one_state() -> None:
    screen = Screen()
    assert screen.relisting.add(Step((row(1), row(2), row(3)), coverage=WHOLE))
    await screen.relisting.run()
    assert screen.ended == 1
    before, after = screen.states
    assert (len(before.snapshots), before.coverage.received) == (0, 0)
    assert (len(after.snapshots), after.coverage, after.loaded_at) == (3, WHOLE, NOW)


async def test_what_came_while_a_change_was_made_is_made_in_one_go() -> None:
    screen = Screen()
    assert screen.relisting.add(Step((row(1),), coverage=Coverage(received=1)))
    assert not screen.relisting.add(Step((row(2),), coverage=Coverage(received=2)))
    assert not screen.relisting.add(Step((row(3),), {"1", "2", "3"}, coverage=WHOLE))
    await screen.relisting.run()
    assert len(screen.states) == 2
    assert screen.names == ["web-1", "web-2", "web-3"]


async def test_the_order_of_changes_is_kept_where_it_matters() -> None:
    screen = Screen()
    screen.relisting.add(Step((row(1), row(2)), coverage=Coverage(received=2)))
    screen.relisting.add(Step(gone={"1"}))
    screen.relisting.add(Step((row(1), row(3))))
    screen.relisting.add(Step(becomes=lambda state: failed(state, ConnectionFailedError("gone", sent=False))))
    await screen.relisting.run()
    assert screen.ended == 1
    assert [len(state.snapshots) for state in screen.states] == [0, 2, 1, 3, 3]
    assert [state.error is None for state in screen.states] == [True, True, True, True, False]


async def test_a_list_in_the_making_is_not_sorted_by_every_column() -> None:
    screen = Screen()
    screen.relisting.add(Step((row(1),), coverage=Coverage(received=1)))
    await screen.relisting.run()
    assert screen.ended == 0


async def test_a_filter_typed_meanwhile_holds_for_the_new_rows() -> None:
    screen = Screen(meanwhile=lambda state: state.filtered_by("web-2"))
    screen.relisting.add(Step((row(1), row(2), row(3)), coverage=WHOLE))
    await screen.relisting.run()
    assert screen.names == ["web-2"]


async def test_changes_of_another_account_are_forgotten() -> None:
    screen = Screen()
    screen.relisting.add(Step((row(1),), coverage=WHOLE))
    screen.relisting.forget()
    assert screen.relisting.add(Step((row(2),), coverage=WHOLE))
    await screen.relisting.run()
    assert screen.names == ["web-2"]
