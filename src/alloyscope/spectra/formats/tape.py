"""Bytes of a file read forwards, plain or gzipped, with only a window of them in memory."""

from __future__ import annotations

import io
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 1 << 17
# A pattern is at most this long, so a match can hide across this many bytes of a window's end.
OVERLAP = 4096
# Longest stretch searched for one tag: a scan of 20 million points in base64 still fits.
LONGEST_STRETCH = 1 << 28


class ByteSource(Protocol):
    """Where bytes come from; `damage` says what is wrong with the layer below, once it is met."""

    damage: str | None

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""

    def skip(self, size: int, /) -> None:
        """Go `size` bytes further without reading them."""

    def close(self) -> None:
        """Give the file back."""


class PlainFile:
    """A file as it is."""

    damage: str | None = None

    def __init__(self, path: Path, start: int = 0) -> None:
        self._raw = path.open("rb", buffering=0)
        self._raw.seek(start)

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        return self._raw.read(size)

    def skip(self, size: int, /) -> None:
        """Go `size` bytes further without reading them."""
        self._raw.seek(size, os.SEEK_CUR)

    def close(self) -> None:
        """Give the file back."""
        self._raw.close()


class GzippedFile:
    """The content of a gzip file; where that is cut off or damaged, what comes before."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("rb", buffering=0)
        self._inflate = zlib.decompressobj(wbits=31)
        self._pending = b""
        self._finished = False
        self.damage: str | None = None

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        while not self._finished:
            packed = self._pending or self._raw.read(CHUNK)
            if not packed:
                self.damage, self._finished = "the gzip file is cut off", True
                break
            before = self._inflate.copy()
            try:
                data = self._inflate.decompress(packed, size)
            except zlib.error:
                self.damage, self._finished = "the gzip file is damaged", True
                return _salvaged(before, packed)
            self._pending = self._inflate.unconsumed_tail
            if self._inflate.eof:
                self._next_member()
            if data:
                return data
        return b""

    def _next_member(self) -> None:
        """Go on to the next member of the file if there is one; zeros may pad the end."""
        rest = (self._inflate.unused_data or self._raw.read(CHUNK)).lstrip(b"\0")
        if rest.startswith(GZIP_MAGIC):
            self._inflate, self._pending = zlib.decompressobj(wbits=31), rest
        else:
            self._finished = True

    def skip(self, size: int, /) -> None:
        """Go `size` bytes further."""
        while size > 0:
            data = self.read(min(size, CHUNK))
            if not data:
                break
            size -= len(data)

    def close(self) -> None:
        """Give the file back."""
        self._raw.close()


def _salvaged(inflate: zlib._Decompress, packed: bytes) -> bytes:
    """What comes out of `packed` before the damage."""
    out = io.BytesIO()
    try:
        for i in range(0, len(packed), 64):
            out.write(inflate.decompress(packed[i : i + 64]))
    except zlib.error:
        pass
    return out.getvalue()


@dataclass(frozen=True)
class SpectrumFile:
    """A file to be read, gzipped or not; each reader opens it as often as it needs."""

    path: Path
    gzipped: bool

    def source(self, start: int = 0) -> ByteSource:
        """Its content from byte `start` on."""
        if not self.gzipped:
            return PlainFile(self.path, start)
        source = GzippedFile(self.path)
        source.skip(start)
        return source

    def head(self, size: int) -> bytes:
        """Its first `size` bytes of content."""
        source = self.source()
        try:
            parts = [source.read(size)]
            while parts[-1] and sum(map(len, parts)) < size:
                parts.append(source.read(size))
        finally:
            source.close()
        return b"".join(parts)[:size]


class Tape:
    """A window that moves forwards over a byte source.

    position : bytes passed so far, counted from where the source started
    """

    def __init__(self, source: ByteSource, position: int = 0) -> None:
        self.source = source
        self.position = position
        self._window = b""
        self._at = 0

    def _fill(self) -> bool:
        """Read as much again as the window holds, so that a long stretch costs linear time."""
        held = len(self._window) - self._at
        if held > LONGEST_STRETCH:
            return False
        data = self.source.read(max(CHUNK, held))
        self._window, self._at = self._window[self._at :] + data, 0
        return bool(data)

    def find(self, pattern: re.Pattern[bytes], ahead: int = 0) -> tuple[int, int] | None:
        """Start and end of the first match at least `ahead` bytes on; None if there is none."""
        while True:
            match = pattern.search(self._window, self._at + ahead)
            if match is not None:
                return match.start() - self._at, match.end() - self._at
            ahead = max(ahead, len(self._window) - self._at - OVERLAP)
            if not self._fill():
                return None

    def find_byte(self, byte: bytes, ahead: int = 0) -> int | None:
        """Distance to the first `byte`; None if there is none."""
        while True:
            found = self._window.find(byte, self._at + ahead)
            if found >= 0:
                return found - self._at
            ahead = len(self._window) - self._at
            if not self._fill():
                return None

    def take(self, size: int) -> bytes:
        """The next `size` bytes of those already searched."""
        data = self._window[self._at : self._at + size]
        self._at += len(data)
        self.position += len(data)
        return data

    def rest(self) -> bytes:
        """What is left in the window."""
        return self.take(len(self._window) - self._at)

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end, without moving."""
        while len(self._window) - self._at < size and self._fill():
            pass
        return self._window[self._at : self._at + size]

    def skip(self, size: int) -> None:
        """Move `size` bytes on without keeping them."""
        held = len(self._window) - self._at
        if size > held:
            self.source.skip(size - held)
        self._at += min(size, held)
        self.position += size
