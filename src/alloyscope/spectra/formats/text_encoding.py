"""From the bytes of a text file to its characters, whatever program wrote it."""

from __future__ import annotations

import codecs
import re

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Characters that no text has: control codes other than tab, line ends and form feed.
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
LINE_END = re.compile("\r\n?")


def decoded(data: bytes) -> str | None:
    """Text with lines that end in a newline; None if the bytes are no text.

    UTF-8 and UTF-16 with or without byte-order mark, otherwise Latin-1.
    """
    text = _characters(data)
    sample = text[:100_000]
    if len(CONTROL.findall(sample)) > 0.01 * len(sample):
        return None
    return LINE_END.sub("\n", text) if "\r" in text else text


def _characters(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    sample = data[:4000]
    # ASCII in UTF-16 has a zero in every other byte.
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[first::2].count(0)
        if len(sample) > 3 and zeros > 0.7 * len(sample[first::2]):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
