"""Files that hold no spectrum alloyscope can read, and what helps with each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CONVERT = "Convert it: msconvert {name} --mzML"
EXPORT = "Export the spectrum as two columns of text, m/z and intensity."


@dataclass(frozen=True)
class Foreign:
    """A kind of file that is known by its first bytes but not read.

    magic  : bytes at `offset` that give it away
    what   : its name, with article
    advice : what to do; {name} stands for the file's name
    """

    magic: bytes
    what: str
    advice: str
    offset: int = 0

    def matches(self, head: bytes) -> bool:
        """Whether the file starts like this."""
        return head[self.offset : self.offset + len(self.magic)] == self.magic


FOREIGN_FILES = (
    Foreign(b"\x01\xa1F\0i\0n\0n\0i\0g\0a\0n\0", "a Thermo RAW file", CONVERT),
    # An .xls, a Sciex .wiff and others share this container.
    Foreign(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a Microsoft compound file (Excel .xls or Sciex .wiff)",
        f"{CONVERT} for a .wiff; for a table, {EXPORT[0].lower()}{EXPORT[1:]}",
    ),
    Foreign(
        b"SQLite format 3\0",
        "an SQLite database (Bruker analysis.tdf or analysis.baf index)",
        "Convert the whole .d folder: msconvert FOLDER.d --mzML",
    ),
    Foreign(b"PK\x03\x04", "a zip archive or an Excel workbook (.xlsx)", f"Unpack it. {EXPORT}"),
    Foreign(b"%PDF", "a PDF document", EXPORT),
    Foreign(b"\x89PNG", "a PNG picture", EXPORT),
    Foreign(b"\xff\xd8\xff", "a JPEG picture", EXPORT),
    Foreign(b"GIF8", "a GIF picture", EXPORT),
    Foreign(b"II*\0", "a TIFF picture", EXPORT),
    Foreign(b"\x89HDF\r\n", "an HDF5 file", CONVERT),
    Foreign(b"CDF\x01", "a netCDF file (ANDI-MS)", CONVERT),
    Foreign(b"CDF\x02", "a netCDF file (ANDI-MS)", CONVERT),
    Foreign(b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    Foreign(b"BZh", "a bzip2 archive", "Unpack it first: bunzip2 {name}"),
    Foreign(b"\xfd7zXZ\0", "an xz archive", "Unpack it first: unxz {name}"),
    Foreign(b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it first: unzstd {name}"),
    Foreign(b"\x7fELF", "a program", EXPORT),
    Foreign(b"MZ\x90\0", "a Windows program", EXPORT),
    Foreign(b"BEGIN IONS", "a Mascot generic file (.mgf)", CONVERT),
    Foreign(b"##TITLE", "a JCAMP-DX file", EXPORT),
    Foreign(b"{\\rtf", "a rich-text document", "Save it as plain text."),
    Foreign(b"<!DOCTYPE html", "a web page", EXPORT),
    Foreign(b"<html", "a web page", EXPORT),
)

# What a vendor's folder holds, and whose folder it is then.
VENDOR_FOLDERS = (
    ("analysis.tdf", "a Bruker timsTOF folder"),
    ("analysis.baf", "a Bruker folder"),
    ("analysis.yep", "a Bruker folder"),
    ("fid", "a Bruker flex folder"),
    ("AcqData", "an Agilent folder"),
    ("_FUNC001.DAT", "a Waters .raw folder"),
    ("_HEADER.TXT", "a Waters .raw folder"),
)


def foreign_kind(head: bytes) -> Foreign | None:
    """The kind of file that starts with these bytes, if it is one of those not read."""
    return next((kind for kind in FOREIGN_FILES if kind.matches(head)), None)


def folder_kind(folder: Path) -> str:
    """What a folder is, with article: a vendor's data or just a folder."""
    try:
        names = {entry.name.lower() for entry in folder.iterdir()}
    except OSError:
        return "a folder that cannot be opened"
    return next((what for name, what in VENDOR_FOLDERS if name.lower() in names), "a folder")
