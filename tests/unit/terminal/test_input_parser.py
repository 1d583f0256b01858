"""Bytes from a terminal become text, keys and whole sequences, in whatever pieces they come."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.terminal.input_parser import (
    ESCAPE_SECONDS,
    MOST_SEQUENCE_BYTES,
    SEQUENCE_SECONDS,
    Control,
    Dropped,
    InputParser,
    Paste,
    Sequence,
    Text,
    Token,
)

# Each is one sequence to some terminal, whether it is understood here or not.
WHOLE = {
    "an arrow": b"\x1b[A",
    "an arrow in application mode": b"\x1bOA",
    "F6 of PuTTY": b"\x1bOU",
    "F1 of the Linux console": b"\x1b[[A",
    "Shift+PgDn of rxvt": b"\x1b[6$",
    "Ctrl+PgDn of rxvt": b"\x1b[6^",
    "Shift+F1 of an old xterm": b"\x1bO2P",
    "Alt and an arrow in urxvt": b"\x1b\x1b[A",
    "Alt and an arrow in application mode": b"\x1b\x1bOd",
    "the cursor's place": b"\x1b[12;40R",
    "a colour": b"\x1b]11;rgb:1212/3434/5656\x1b\\",
    "a colour that ends with a bell": b"\x1b]11;rgb:1212/3434/5656\x07",
    "a version": b"\x1bP>|XTerm(379)\x1b\\",
    "an answer about graphics": b"\x1b_Gi=31;OK\x1b\\",
    "a mode": b"\x1b[?2026;2$y",
    "what the terminal is": b"\x1b[>41;379;0c",
    "a mouse report": b"\x1b[<35;12;7M",
    "a mouse report outside of the window": b"\x1b[<0;-1;-2M",
    "the oldest mouse report": b"\x1b[M !!",
    "a mouse report beyond ASCII": b"\x1b[M\xff\xe0\xc3",
    "a mouse report of urxvt": b"\x1b[32;12;7M",
    "a key's release": b"\x1b[97;5:3u",
    "a key that does not exist": b"\x1b[99999999u",
    "letters of an input method": b"\x1b[0;;20320:22909:19990:30028:21834u",
    "Alt and a letter": b"\x1bd",
    "Alt and é": "\x1bé".encode(),
    "Alt+Enter": b"\x1b\r",
}

CUTTABLE = [sequence for sequence in WHOLE.values() if not sequence.startswith(b"\x1b\x1b")]


def _tokens(*pieces: bytes, seconds_between: float = 0.0) -> list[Token]:
    parser, now, tokens = InputParser(), 100.0, list[Token]()
    for piece in pieces:
        tokens += parser.feed(piece, now)
        now += seconds_between
    return tokens


@pytest.mark.parametrize("sequence", WHOLE.values(), ids=list(WHOLE))
def test_a_sequence_is_one_token_however_it_is_cut(sequence: bytes) -> None:
    whole = [Sequence(sequence.decode("utf-8", "ignore"))]
    assert _tokens(sequence) == whole
    for cut in range(1, len(sequence) if sequence in CUTTABLE else 1):
        assert _tokens(sequence[:cut], sequence[cut:]) == whole


@pytest.mark.parametrize("sequence", WHOLE.values(), ids=list(WHOLE))
def test_what_follows_a_sequence_is_text_again(sequence: bytes) -> None:
    assert _tokens(sequence + b"q")[1:] == [Text("q")]


@pytest.mark.parametrize("sequence", [s for s in CUTTABLE if len(s) > 3], ids=repr)
def test_a_sequence_whose_rest_never_comes_is_dropped(sequence: bytes) -> None:
    parser = InputParser()
    assert parser.feed(sequence[:3], 0.0) == []
    assert parser.wake_at == SEQUENCE_SECONDS
    assert parser.tick(SEQUENCE_SECONDS) == []
    assert parser.feed(b"q", SEQUENCE_SECONDS) == [Text("q")]


def test_an_answer_that_dribbles_in_is_still_one_answer() -> None:
    pieces = [bytes([byte]) for byte in b"\x1b[12;40R"]
    assert _tokens(*pieces, seconds_between=0.05) == [Sequence("\x1b[12;40R")]


def test_esc_alone_is_a_key_after_a_moment() -> None:
    parser = InputParser()
    assert parser.feed(b"\x1b", 0.0) == []
    assert parser.wake_at == ESCAPE_SECONDS
    assert parser.tick(ESCAPE_SECONDS) == [Sequence("\x1b")]
    assert parser.feed(b"[", 0.5) == [Text("[")]


@pytest.mark.parametrize("tail", [b"[12;40R", b"[A", b"OA", b"]11;rgb:0/0/0\x07", b"[?2026;2$y"])
def test_the_rest_of_a_sequence_cut_after_its_esc_is_not_keys(tail: bytes) -> None:
    parser = InputParser()
    parser.feed(b"\x1b", 0.0)
    assert parser.tick(1.0) == [Sequence("\x1b")]
    assert parser.feed(tail, 1.5) == [Sequence("\x1b" + tail.decode())]


def test_two_escs_are_two_keys() -> None:
    parser = InputParser()
    assert parser.feed(b"\x1b\x1b", 0.0) == [Sequence("\x1b")]
    assert parser.tick(ESCAPE_SECONDS) == [Sequence("\x1b")]


def test_an_answer_behind_an_esc_is_an_answer() -> None:
    assert _tokens(b"\x1b\x1b[12;40R") == [Sequence("\x1b"), Sequence("\x1b[12;40R")]


@pytest.mark.parametrize("broken", [b"\x1b[12;\r", b"\x1b[12;\xff\r", b"\x1bO\r", b"\x1b]11;rgb\x18\r"])
def test_a_sequence_that_something_else_breaks_off_is_dropped(broken: bytes) -> None:
    assert _tokens(broken) == [Control("\r")]


def test_a_letter_may_come_in_pieces() -> None:
    assert _tokens(b"\xc3", b"\xa9") == [Text("é")]
    assert _tokens(b"a\xe4\xbd", b"\xa0b") == [Text("a"), Text("你b")]


@pytest.mark.parametrize("byte", range(0x80, 0x100))
def test_a_byte_that_is_no_text_is_ignored(byte: int) -> None:
    assert _tokens(bytes([byte]), b"q") == [Text("q")]
    assert _tokens(bytes([byte]), b"\x1b[A") == [Sequence("\x1b[A")]


def test_a_terminal_that_knows_only_latin_1_sends_its_letters_as_such() -> None:
    assert InputParser("iso8859-1").feed(b"caf\xe9\x991", 0.0) == [Text("café"), Text("1")]


def test_a_paste_is_one_token_with_line_breaks_and_sequences_in_it() -> None:
    assert _tokens(b"a\x1b[200~x\ry\x1b[A\xc3", b"\xa9\x1b[20", b"1~b") == [Text("a"), Paste("x\ry\x1b[Aé"), Text("b")]


def test_a_paste_that_never_ends_ends_and_what_follows_it_soon_is_dropped_and_counted() -> None:
    parser = InputParser()
    assert parser.feed(b"\x1b[200~abc", 0.0) == []
    assert parser.feed(b"def", 1.9) == []
    assert parser.tick(3.8) == []
    assert parser.tick(3.9) == [Paste("abcdef")]
    assert parser.feed(b"gh\r\x1b[A", 4.0) == []
    assert parser.wake_at == 3.9 + SEQUENCE_SECONDS
    assert parser.tick(5.9) == [Dropped(4)]
    assert parser.feed(b"q", 6.0) == [Text("q")]


def test_the_late_end_of_a_paste_ends_the_dropping_of_keys() -> None:
    parser = InputParser()
    parser.feed(b"\x1b[200~abc", 0.0)
    parser.tick(2.0)
    assert parser.feed(b"def\x1b[201~q", 2.5) == [Dropped(3), Text("q")]
    assert parser.wake_at is None


def test_answers_of_the_terminal_neither_belong_to_a_paste_nor_keep_it_open() -> None:
    parser = InputParser()
    parser.feed(b"\x1b[200~ab", 0.0)
    assert parser.feed(b"\x1b[12;40R", 1.0) == [Sequence("\x1b[12;40R")]
    assert parser.feed(b"\x1b[12;4", 1.5) == []
    assert parser.feed(b"1R", 1.6) == [Sequence("\x1b[12;41R")]
    assert parser.tick(2.0) == [Paste("ab")]
    assert parser.feed(b"\x1b[12;42Rx", 2.1) == [Sequence("\x1b[12;42R")]


def test_what_is_too_long_for_a_sequence_is_dropped_to_its_end() -> None:
    parser = InputParser()
    assert parser.feed(b"\x1b]52;c;" + b"A" * MOST_SEQUENCE_BYTES, 0.0) == []
    assert parser.feed(b"A" * MOST_SEQUENCE_BYTES, 0.1) == []
    (rest,) = parser.feed(b"AA\x07", 0.2)
    assert isinstance(rest, Sequence)


@given(st.lists(st.binary(max_size=12), max_size=6), st.floats(0.0, 3.0))
def test_no_bytes_whatever_stop_it(pieces: list[bytes], seconds_between: float) -> None:
    parser, now = InputParser(), 0.0
    for piece in pieces:
        parser.feed(piece, now)
        now += seconds_between
        parser.tick(now)
    parser.tick(now + SEQUENCE_SECONDS)
    parser.tick(now + 2 * SEQUENCE_SECONDS)
    parser.feed(b"\x1b[201~", now + 3 * SEQUENCE_SECONDS)
    assert parser.feed(b"q", now + 3 * SEQUENCE_SECONDS)[-1] in (Text("q"), Sequence("\x1bq"))
    assert parser.wake_at is None


@given(st.lists(st.sampled_from([*CUTTABLE, b"q", b"\r", "é".encode()]), max_size=6), st.data())
def test_pieces_are_the_same_as_the_whole(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    cut = data.draw(st.integers(0, len(whole)))
    texts = [_texts(_tokens(whole)), _texts(_tokens(whole[:cut], whole[cut:]))]
    assert texts[0] == texts[1]


def _texts(tokens: list[Token]) -> str:
    joined = "|".join(token.text if isinstance(token, Text | Sequence) else "" for token in tokens)
    return re.sub(r"(?<=[qé])\|(?=[qé])", "", joined)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("introducer", [b"\x9b", b"\xc2\x9b"])
def test_a_sequence_of_eight_bits_is_one_of_seven_in_whatever_pieces(encoding: str, introducer: bytes) -> None:
    data = introducer + b"6~"
    for cut in range(1, len(data)):
        parser = InputParser(encoding)
        tokens = [*parser.feed(data[:cut], 0.0), *parser.feed(data[cut:], 0.1), *parser.feed(b"j", 0.2)]
        shown = [token for token in tokens if token != Text("\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX}")]
        assert shown == [Sequence("\x1b[6~"), Text("j")]


def test_a_sequence_of_eight_bits_that_does_not_end_is_given_up() -> None:
    parser = InputParser()
    assert parser.feed(b"\x9b6", 0.0) == []
    assert parser.tick(SEQUENCE_SECONDS) == []
    assert parser.feed(b"j", SEQUENCE_SECONDS) == [Text("j")]
