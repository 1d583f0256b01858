"""Styles of cells: SGR parameters to a style, and the shortest sequence from one style to another."""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

# By ECMA-48 one parameter ends two attributes at times: 22 bold and dim, 24 both underlines, 25 both blinks.
_OFF: Final = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24, 51: 54, 52: 54, 53: 55}
_TURNED_OFF: Final = {off: frozenset(on for on, its_off in _OFF.items() if its_off == off) for off in _OFF.values()}
_FOREGROUNDS: Final = frozenset({*range(30, 38), *range(90, 98)})
_BACKGROUNDS: Final = frozenset({*range(40, 48), *range(100, 108)})
_COLOUR_LENGTHS: Final = {"5": 3, "2": 5}
# A number of the 256 is shorter than a true colour: 1.3 times fewer bytes in all (measured). The cube and the greys are
# xterm's and the same everywhere, except 16 to 21, where base16 themes put colours of their own.
_CUBE: Final = (0, 95, 135, 175, 215, 255)
_NUMBERS: Final = {
    (red, green, blue): 16 + 36 * r + 6 * g + b
    for r, red in enumerate(_CUBE)
    for g, green in enumerate(_CUBE)
    for b, blue in enumerate(_CUBE)
} | {(8 + 10 * n,) * 3: 232 + n for n in range(24)}
_REDEFINED: Final = range(16, 22)
_PALETTE: Final = {
    "2;{};{};{}".format(*colour): f"5;{number}" for colour, number in _NUMBERS.items() if number not in _REDEFINED
}


class Style(Struct, frozen=True):
    """Look of a cell by SGR and hyperlinks; colours are SGR parameters (`38;5;12`), empty for the default.

    `other` holds parameters that are not known here and all that came after them: they are repeated as they came.
    """

    foreground: str = ""
    background: str = ""
    attributes: frozenset[int] = frozenset()
    other: str = ""
    link: str = ""

    @property
    def plain(self) -> bool:
        """True when an erased cell can look like this: there is nothing but colours."""
        return not (self.attributes or self.other or self.link)

    def applying(self, parameters: str) -> "Style":
        """Return the style after an SGR sequence with these parameters (`1;38;5;12`, empty resets)."""
        style = self
        codes = parameters.split(";")
        while codes:
            taken = _colour_length(codes)
            style = style._with(codes[:taken])
            del codes[:taken]
        return style

    def _with(self, codes: list[str]) -> "Style":
        code = codes[0]
        number = int(code or 0) if not code or (len(code) < 5 and code.isdecimal()) else -1
        if number == 0:
            return Style(link=self.link)
        if self.other:
            return replace(self, other=";".join([self.other, *codes]))
        if len(codes) > 1 or number in _FOREGROUNDS or number in _BACKGROUNDS:
            colour = _short(codes)
            is_foreground = number == 38 or number in _FOREGROUNDS
            return replace(self, foreground=colour) if is_foreground else replace(self, background=colour)
        return self._with_attribute(number, code)

    def _with_attribute(self, number: int, code: str) -> "Style":
        if number == 39:
            return replace(self, foreground="")
        if number == 49:
            return replace(self, background="")
        if number in _OFF:
            return replace(self, attributes=self.attributes - _rivals(number) | {number})
        if number in _TURNED_OFF:
            return replace(self, attributes=self.attributes - _TURNED_OFF[number])
        return replace(self, other=code)


def _rivals(number: int) -> frozenset[int]:
    """Return the attributes that one replaces: bold and dim can be together, kinds of underline cannot."""
    return frozenset() if number in (1, 2) else _TURNED_OFF[_OFF[number]]


def _colour_length(codes: list[str]) -> int:
    if codes[0] not in ("38", "48") or len(codes) < 2:
        return 1
    length = _COLOUR_LENGTHS.get(codes[1], 1)
    return length if len(codes) >= length and all(code.isdecimal() for code in codes[:length]) else 1


def _short(codes: list[str]) -> str:
    """Return a colour's parameters, those of true colours by the palette's number if there is one."""
    colour = ";".join(codes[1:])
    return ";".join([codes[0], _PALETTE.get(colour, colour)]) if colour else codes[0]


def transition(old: Style, new: Style) -> str:
    """Return the shortest sequence that leads from one style to another."""
    link = "" if old.link == new.link else f"\x1b]8;{new.link or ';'}\x1b\\"
    if replace(old, link=new.link) == new:
        return link
    ways = [_sgr(["0", *_codes(new)]) if _codes(new) else "\x1b[m"]
    if not (old.other or new.other):
        ways.append(_sgr(_changes(old, new)))
    return min(ways, key=len) + link


def _codes(style: Style) -> list[str]:
    attributes = [str(number) for number in sorted(style.attributes)]
    return [*attributes, *filter(None, (style.foreground, style.background, style.other))]


def _changes(old: Style, new: Style) -> list[str]:
    codes: list[str] = []
    kept = old.attributes
    for off in sorted({_OFF[number] for number in old.attributes - new.attributes}):
        codes.append(str(off))
        kept -= _TURNED_OFF[off]
    codes += [str(number) for number in sorted(new.attributes - kept)]
    if old.foreground != new.foreground:
        codes.append(new.foreground or "39")
    if old.background != new.background:
        codes.append(new.background or "49")
    return codes


def _sgr(codes: list[str]) -> str:
    return f"\x1b[{';'.join(codes)}m"
