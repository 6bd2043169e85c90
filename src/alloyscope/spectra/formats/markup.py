"""Scans in a stream of XML, found by their tags so that one damaged scan costs only itself.

An XML parser stops at the first fault; mass spectra are long and faults are short. So the tags
of a scan are looked for in the bytes, its base64 is cut out unread, and the little text around
it is taken apart here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from alloyscope.spectra.formats.tape import Tape

ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
ENCODED_LENGTH = re.compile(rb"encodedLength\s*=\s*[\"'](\d{1,10})[\"']")


@dataclass(frozen=True)
class Grammar:
    """The tags that matter in one format.

    opening : where a scan (or a chromatogram) starts
    payload : the tag after which base64 stands
    closing : where a scan ends
    """

    opening: re.Pattern[bytes]
    payload: re.Pattern[bytes]
    closing: re.Pattern[bytes]

    @property
    def within(self) -> re.Pattern[bytes]:
        """Any of the three tags."""
        three = (self.opening, self.payload, self.closing)
        return re.compile(b"|".join(tag.pattern for tag in three))


@dataclass(frozen=True)
class Element:
    """One scan as it stands in the file.

    start    : byte where it begins
    parts    : each stretch of text with the base64 that follows it; None where that was skipped
    tail     : text after the last base64
    whole    : False when its end is missing
    cut      : True when the file ends within it
    """

    start: int
    parts: tuple[tuple[bytes, bytes | None], ...]
    tail: bytes
    whole: bool
    cut: bool = False

    @property
    def text(self) -> bytes:
        """The text up to the first base64."""
        return self.parts[0][0] if self.parts else self.tail

    def is_a(self, name: bytes) -> bool:
        """Whether it starts with the tag <name ...>."""
        return self.text.startswith(b"<" + name)


def elements(tape: Tape, grammar: Grammar, *, skip_payloads: bool = False) -> Iterator[Element]:
    """Scans one after another, to the end of the file."""
    within = grammar.within
    while True:
        span = tape.find(grammar.opening)
        if span is None:
            return
        tape.skip(span[0])
        yield _element(tape, grammar, within, skip_payloads)


def _element(
    tape: Tape, grammar: Grammar, within: re.Pattern[bytes], skip_payloads: bool
) -> Element:
    start = tape.position
    parts: list[tuple[bytes, bytes | None]] = []
    ahead = 1  # its own opening tag is not the next one
    while True:
        span = tape.find(within, ahead)
        if span is None:
            return Element(start, tuple(parts), tape.rest(), whole=False, cut=True)
        text = tape.peek(span[1])
        tag, ahead = text[span[0] :], 0
        if grammar.closing.match(tag):
            return Element(start, tuple(parts), tape.take(span[1]), whole=True)
        if not grammar.payload.match(tag):  # the next scan starts before this one has ended
            return Element(start, tuple(parts), tape.take(span[0]), whole=False)
        tape.skip(span[1])
        if tag.endswith(b"/>"):
            parts.append((text, b""))
            continue
        if skip_payloads:
            if not _skip_payload(tape, text):
                return Element(start, tuple(parts), text, whole=False)
            parts.append((text, None))
            continue
        length = tape.find_byte(b"<")
        if length is None:
            return Element(start, tuple(parts), text, whole=False, cut=True)
        parts.append((text, tape.take(length)))


def _skip_payload(tape: Tape, text: bytes) -> bool:
    """Jump over base64 by the length written before it; False if that does not lead to its end."""
    lengths = ENCODED_LENGTH.findall(text)
    if not lengths:
        return False
    tape.skip(int(lengths[-1]))
    return tape.peek(2) == b"</"


@lru_cache(maxsize=1024)
def attributes(tag: bytes) -> dict[str, str]:
    """Attributes of one tag, not to be changed: tags that scans repeat are read once.

    >>> attributes(b'<scan num="1" polarity="-">')
    {'num': '1', 'polarity': '-'}
    """
    return {
        name.decode("latin-1"): html.unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in ATTRIBUTE.findall(tag)
    }


def whole_number(text: str | None, most: int = 10**9) -> int | None:
    """A count or a level; None for anything that is not one."""
    if text is None or not text.isascii() or not text.strip().isdigit() or len(text) > 12:
        return None
    value = int(text)
    return value if value <= most else None


def real_number(text: str | None) -> float | None:
    """A finite number; None for anything that is not one."""
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < 1e300 else None


def isolated(
    target: float | None, below: float | None, above: float | None
) -> tuple[float, float] | None:
    """Ends of an isolation window (m/z); None where they are not all stated, or hold nothing."""
    if target is None or below is None or above is None or not below + above > 0:
        return None
    return target - below, target + above
