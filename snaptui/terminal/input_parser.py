"""Parser of terminal input: bytes → text, control keys, whole escape sequences, pastes. No I/O; times are given.

`key_events` makes keys of what comes out.
"""

import codecs
import re
from typing import Final

from msgspec import Struct

ESCAPE: Final = "\x1b"
ESCAPE_SECONDS: Final = 0.1
"""An Esc that nothing follows within this time is the Esc key: as long as Textual waits, too (ESCDELAY)."""
SEQUENCE_SECONDS: Final = 2.0
"""Time to wait for the rest of a sequence or paste, and to drop keys after a paste that never ended."""
MOST_SEQUENCE_BYTES: Final = 8_192
MOST_PASTED_BYTES: Final = 1_000_000
PASTE_START: Final = b"\x1b[200~"
PASTE_END: Final = b"\x1b[201~"
_ESC: Final = b"\x1b"

_UTF8: Final = rb"[\xc3-\xdf][\x80-\xbf]|\xc2[\xa0-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_PARTIAL_UTF8: Final = rb"[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2}"
_OTHER: Final = {b"letter": rb"[\xa0-\xff]", b"partial": rb"[^\x00-\xff]"}
_TOKENS: Final = rb"""
      (?P<text>(?:[\x20-\x7e]|%(letter)s)+)
    | (?P<sequence>
          \x1b\x1b(?:\[[0-9]{0,2}[@-Z^a-~$]|O[A-Za-z])   # urxvt: Alt and a function key
        | \x1b\[\[[\x20-\x7e]                            # the Linux console's F1 to F5
        | \x1b\[M[\x20-\xff]{3}                          # the oldest kind of mouse report
        | \x1b\[[0-9]+\$                                 # rxvt: Shift and a function key
        | \x1b\[(?![\[M])[\ -?]*[@-~]
        | \x1bO[0-9;]*[\x20-/:<-~]                        # SS3: any letter, as PuTTY has its own (F6 is U)
        | \x1b[P\]X^_][^\x07\x18\x1a\x1b]*(?:\x07|\x1b\\)  # DCS, OSC, SOS, PM and APC, which hold any text
        | \x1b(?:[\x20-NQ-WYZ\\`-~]|%(letter)s|[\x00-\x1a\x1c-\x1f\x7f])
      )
    | (?P<eight_bits>\xc2?(?:\x9b[0-?]+[\ -/]*[@-~]|[\x9b\x8f][A-Z]))
    | (?P<partial>
          (?:\xc2?(?:\x9b[0-?]*[\ -/]*|\x8f)
          |\x1b(?:\[(?:M[\x20-\xff]{0,2}|\[|[\ -?]*)|O[0-9;]*|[P\]X^_][^\x07\x18\x1a\x1b]*\x1b?|%(partial)s)?
          |%(partial)s)\Z
      )
    | (?P<escape>\x1b(?=\x1b))
    | (?P<broken>\x1b(?:\[(?:\[|M[\x20-\xff]{0,2}|[\ -?]*)|O[0-9;]*|[P\]X^_][^\x07\x18\x1a\x1b]*[\x18\x1a]?))
    | (?P<control>[\x00-\x1a\x1c-\x1f\x7f])
    | (?P<unreadable>[\x00-\xff])
"""
# CSI and SS3 as one character each: some terminals send them so once something has told them to.
_INTRODUCED: Final = re.compile(rb"\xc2?([\x9b\x8f])")
_SEVEN_BITS: Final = {b"\x9b": b"\x1b[", b"\x8f": b"\x1bO"}
# What comes after an Esc that was taken for the Esc key, but was the first byte of a sequence cut in two.
_TAIL: Final = re.compile(rb"\[[0-9<=>?][0-?]*[ -/]*(?:[@-~]|\Z)|\][0-9]+;|(?:\[\[?|O)[A-Z]\Z|P[0-9>+$]")
_REPORT: Final = re.compile(r"\x1b(?:\[[0-9]+;[0-9]+R|\[[?>=][0-9;]*(?:c|\$y|n|u)|[P\]_])")
_REPORT_IN_PASTE: Final = re.compile(rb"\x1b\[[0-9]+;[0-9]+R")


class Text(Struct, frozen=True):
    """Printable characters that came together."""

    text: str


class Control(Struct, frozen=True):
    """A control character such as `\\r`."""

    character: str


class Sequence(Struct, frozen=True):
    """Esc alone, Esc and what was pressed with Alt, or a whole escape sequence."""

    text: str

    @property
    def is_report(self) -> bool:
        """True for a report of the terminal about itself, which is no key."""
        return _REPORT.match(self.text) is not None


class Paste(Struct, frozen=True):
    """A bracketed paste."""

    text: str


class Dropped(Struct, frozen=True):
    """Count of characters that followed a paste that never ended, and may have been a part of it."""

    characters: int


Token = Text | Control | Sequence | Paste | Dropped


class InputParser:
    """Parser of bytes that come in any pieces; every escape sequence is one token or none, never keys.

    `encoding` is that of the terminal. Bytes that are no text in it are ignored.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self._encoding = encoding
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
        parts = {b"letter": _UTF8, b"partial": _PARTIAL_UTF8} if is_utf8 else _OTHER
        self._tokens = re.compile(_TOKENS % parts, re.VERBOSE | re.DOTALL)
        self._rest = b""
        self._rest_since = 0.0
        self._continues = False
        self._tail_until = float("-inf")
        self._paste: bytearray | None = None
        self._paste_until = 0.0
        self._drop_until: float | None = None
        self._dropped = 0

    @property
    def wake_at(self) -> float | None:
        """Time to call `tick` if nothing comes before."""
        moments = [self._rest_until, self._drop_until, None if self._paste is None else self._paste_until]
        return min((moment for moment in moments if moment is not None), default=None)

    def feed(self, data: bytes, now: float) -> list[Token]:
        """Take bytes that came together."""
        tokens = self.tick(now)
        if now < self._tail_until and not self._rest and _TAIL.match(data):
            data = _ESC + data
        self._tail_until = float("-inf")
        self._continues, data, self._rest = bool(self._rest), self._rest + data, b""
        while data:
            paste = self._paste
            data = self._take(data, now, tokens) if paste is None else self._fill_paste(paste, data, now, tokens)
            self._continues = False
        return tokens

    def _take(self, data: bytes, now: float, tokens: list[Token]) -> bytes:
        """Add tokens up to the start of a paste; return what comes after it."""
        for match in self._tokens.finditer(data):
            part = match.group()
            if match.lastgroup == "partial":
                self._wait_for_rest(part, now, continues=self._continues and match.start() == 0)
            elif part == PASTE_START:
                self._paste, self._paste_until = bytearray(), now + SEQUENCE_SECONDS
                return data[match.end() :]
            elif part == PASTE_END:
                self._end_dropping(tokens)
            elif (token := self._token(match.lastgroup, part)) is not None:
                self._add(token, tokens)
        return b""

    def _wait_for_rest(self, part: bytes, now: float, *, continues: bool) -> None:
        if not continues:
            self._rest_since = now
        # Of what is too long only the beginning is kept: the end of it is still waited for.
        self._rest = part if len(part) < MOST_SEQUENCE_BYTES else part[:2]

    @property
    def _rest_until(self) -> float | None:
        is_sequence = self._rest.startswith(_ESC) or _INTRODUCED.match(self._rest)
        if not is_sequence or self._paste is not None:
            return None
        return self._rest_since + (ESCAPE_SECONDS if self._rest == _ESC else SEQUENCE_SECONDS)

    def _token(self, kind: str | None, part: bytes) -> Token | None:
        if kind == "text":
            text = self._decoded(part)
            return Text(text) if text else None
        if kind == "control":
            return Control(part.decode("ascii"))
        if kind == "escape":
            return Sequence(ESCAPE)
        if kind == "sequence":
            return Sequence(self._decoded(part))
        if kind == "eight_bits":
            return Sequence(_INTRODUCED.sub(lambda match: _SEVEN_BITS[match[1]], part, count=1).decode("ascii"))
        return None

    def _decoded(self, data: bytes) -> str:
        return data.decode(self._encoding, "ignore")

    def _add(self, token: Token, tokens: list[Token]) -> None:
        if self._drop_until is None or (isinstance(token, Sequence) and token.is_report):
            tokens.append(token)
        else:
            self._dropped += len(token.text) if isinstance(token, Text | Paste) else 1

    def _fill_paste(self, paste: bytearray, data: bytes, now: float, tokens: list[Token]) -> bytes:
        """Take the paste's text, without the answers that the terminal gives meanwhile; return what comes after it."""
        text, ended, after = data.partition(PASTE_END)
        if not ended and (cut := _cut_off(text)):
            text, self._rest = text[:-cut], text[-cut:]
        tokens += [Sequence(report.decode()) for report in _REPORT_IN_PASTE.findall(text)]
        text = _REPORT_IN_PASTE.sub(b"", text)
        paste += text[: max(0, MOST_PASTED_BYTES - len(paste))]
        if text:
            self._paste_until = now + SEQUENCE_SECONDS
        if ended:
            self._end_paste(tokens)
        return after

    def _end_paste(self, tokens: list[Token]) -> None:
        pasted, self._paste = self._decoded(bytes(self._paste or b"")), None
        if pasted:
            self._add(Paste(pasted), tokens)

    def _end_dropping(self, tokens: list[Token]) -> None:
        if self._dropped:
            tokens.append(Dropped(self._dropped))
        self._drop_until, self._dropped = None, 0

    def tick(self, now: float) -> list[Token]:
        """Give up what has been waited for long enough."""
        tokens: list[Token] = []
        if self._drop_until is not None and now >= self._drop_until:
            self._end_dropping(tokens)
        if self._paste is not None and now >= self._paste_until:
            self._paste += self._rest
            self._rest = b""
            self._end_paste(tokens)
            # What comes next may be the rest of it, late: taken for keys it could delete something.
            self._drop_until = now + SEQUENCE_SECONDS
        if (until := self._rest_until) is not None and now >= until:
            if self._rest == _ESC:
                self._add(Sequence(ESCAPE), tokens)
                self._tail_until = now + SEQUENCE_SECONDS
            self._rest = b""
        return tokens


def _cut_off(data: bytes) -> int:
    """Return the number of bytes at the end that may begin a paste's end or a report."""
    match = re.search(rb"\x1b(?:\[(?:[0-9]+;?[0-9]*)?)?\Z", data)
    return len(match.group()) if match and len(match.group()) < 16 else 0
