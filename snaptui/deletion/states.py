"""States of a batch and the table of what may happen in each: asked by screen, keys, command line and journal."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """State of a batch. Nothing has been sent in `GRACE`, `HELD` and `QUEUED`."""

    GRACE = "grace"
    """The countdown runs."""
    HELD = "held"
    """Paused before anything was sent."""
    QUEUED = "queued"
    """The countdown is over; another batch has its turn."""
    RUNNING = "running"
    """Items are looked at and deleted; a wait for the rate limit is part of it."""
    PAUSING = "pausing"
    """A pause was asked for; it is being found out what is on the wire."""
    PAUSED = "paused"
    """Begun, and nothing more is sent until it is resumed."""
    WAITING = "waiting"
    """Begun, resumed, and another batch has its turn."""
    BLOCKED = "blocked"
    """Begun; nothing can be written down, and it goes on by itself as soon as that works again."""
    STOPPING = "stopping"
    """Nothing more is sent; answers to what is on the wire are awaited."""
    ENDED = "ended"
    """Nothing follows: every item has its outcome on disk, or its run crashed."""


class Event(StrEnum):
    """Event in the life of a batch: the first five are asked for by the user, the others happen by themselves."""

    PAUSE = "pause"
    RESUME = "resume"
    TAKE_BACK = "take back"
    CANCEL = "cancel"
    RETRY = "retry"
    GRACE_OVER = "grace over"
    TURN = "turn"
    """It has the turn: the batch before it has ended or was paused."""
    QUIET = "quiet"
    """Nothing that was withdrawn can leave any more."""
    BLOCKED = "blocked"
    """Something of it cannot be written down: nothing more may be sent."""
    WRITABLE = "writable"
    """Everything that could not be written down is on disk now."""
    STOP = "stop"
    """Nothing more can be sent, as with a token that is not valid."""
    FINISHED = "finished"
    """Every item has its outcome on disk."""
    CRASHED = "crashed"
    """A bug ended its run: what is open on disk is left to the next start."""


_S, _E = State, Event
TABLE: Final[Mapping[State, Mapping[Event, State]]] = {
    _S.GRACE: {
        _E.PAUSE: _S.HELD,
        _E.TAKE_BACK: _S.STOPPING,
        _E.CANCEL: _S.STOPPING,
        _E.GRACE_OVER: _S.QUEUED,
        _E.CRASHED: _S.ENDED,
    },
    _S.HELD: {
        _E.RESUME: _S.GRACE,
        _E.TAKE_BACK: _S.STOPPING,
        _E.CANCEL: _S.STOPPING,
        _E.CRASHED: _S.ENDED,
    },
    _S.QUEUED: {
        _E.PAUSE: _S.HELD,
        _E.TAKE_BACK: _S.STOPPING,
        _E.CANCEL: _S.STOPPING,
        _E.TURN: _S.RUNNING,
        _E.CRASHED: _S.ENDED,
    },
    _S.RUNNING: {
        _E.PAUSE: _S.PAUSING,
        _E.BLOCKED: _S.BLOCKED,
        _E.CANCEL: _S.STOPPING,
        _E.STOP: _S.STOPPING,
        _E.FINISHED: _S.ENDED,
        _E.CRASHED: _S.ENDED,
    },
    _S.BLOCKED: {
        _E.PAUSE: _S.PAUSING,
        _E.BLOCKED: _S.BLOCKED,
        _E.WRITABLE: _S.WAITING,
        _E.CANCEL: _S.STOPPING,
        _E.STOP: _S.STOPPING,
        _E.FINISHED: _S.ENDED,
        _E.CRASHED: _S.ENDED,
    },
    _S.PAUSING: {
        _E.QUIET: _S.PAUSED,
        _E.BLOCKED: _S.PAUSING,
        _E.CANCEL: _S.STOPPING,
        _E.STOP: _S.STOPPING,
        _E.FINISHED: _S.ENDED,
        _E.CRASHED: _S.ENDED,
    },
    _S.PAUSED: {
        _E.RESUME: _S.WAITING,
        _E.BLOCKED: _S.PAUSED,
        _E.CANCEL: _S.STOPPING,
        _E.STOP: _S.STOPPING,
        _E.FINISHED: _S.ENDED,
        _E.CRASHED: _S.ENDED,
    },
    _S.WAITING: {
        _E.PAUSE: _S.PAUSED,
        _E.BLOCKED: _S.BLOCKED,
        _E.CANCEL: _S.STOPPING,
        _E.STOP: _S.STOPPING,
        _E.TURN: _S.RUNNING,
        _E.FINISHED: _S.ENDED,
        _E.CRASHED: _S.ENDED,
    },
    _S.STOPPING: {_E.STOP: _S.STOPPING, _E.FINISHED: _S.ENDED, _E.CRASHED: _S.ENDED},
    _S.ENDED: {_E.RETRY: _S.ENDED},
}
NOT_BEGUN: Final = frozenset({State.GRACE, State.HELD, State.QUEUED})
_OVER: Final = "nothing of it is left to be sent"
_ASKED: Final[Mapping[Event, Mapping[State, str]]] = {
    _E.PAUSE: {_S.ENDED: _OVER, _S.STOPPING: "it is being stopped", _S.PAUSING: "it is being paused"},
    _E.RESUME: {
        _S.ENDED: _OVER,
        _S.STOPPING: "it is being stopped",
        _S.PAUSING: "it is being paused",
        _S.BLOCKED: "it goes on by itself as soon as the journal can be written",
    },
    _E.CANCEL: {_S.ENDED: _OVER, _S.STOPPING: "it is being stopped"},
    _E.TAKE_BACK: {_S.ENDED: "it has ended", _S.STOPPING: "it is being stopped"},
    _E.RETRY: {},
}
_OTHERWISE: Final[Mapping[Event, str]] = {
    _E.PAUSE: "it is paused",
    _E.RESUME: "it is not paused",
    _E.TAKE_BACK: "it has begun; cancelling sends nothing more of it",
    _E.RETRY: "it is still going on",
}


def why_not(state: State, event: Event) -> str | None:
    """Return why the user cannot ask for `event` in `state`; `None` when it may be asked for."""
    if event in TABLE[state]:
        return None
    return _ASKED[event].get(state) or _OTHERWISE[event]
