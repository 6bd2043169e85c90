"""Lists of ions in a file, and charges as users write them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from alloyscope.chemistry.notation import written_charge
from alloyscope.errors import CaseError, ChargeError, message

CHARGE = re.compile(r"([+-]?)(\d{1,4})|(\d{1,4})([+-])|([+-])")


def parse_charge(text: str | None) -> int | None:
    """A charge written as -4, 4-, +2, 2+, - or +; None for None.

    Raises CaseError for anything else.

    >>> parse_charge("4-"), parse_charge("-4"), parse_charge("+"), parse_charge("2")
    (-4, -4, 1, 2)
    """
    if text is None:
        return None
    found = CHARGE.fullmatch(text.strip().replace("−", "-").replace("–", "-"))
    if found is None:
        raise CaseError(message("charge", found=f'"{text}"', expected="one such as 4- or -4"))
    sign_first, size, size_first, sign_last, alone = found.groups()
    value = int(size or size_first or 1)
    return -value if (sign_first or sign_last or alone) == "-" else value


def read_ion_list(path: Path) -> tuple[str, ...]:
    """Ions of a file: one a line, or a CSV with the column `ion` or `formula`, and `charge`.

    A `#` begins a comment. Raises CaseError that names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            message(str(path), found=_reason(error), expected="a list of ions in UTF-8 text")
        ) from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise CaseError(message(str(path), found="no ions", expected="one a line, or a CSV"))
    head = [name.strip().lower() for name in next(csv.reader(lines[:1]))]
    if not {"ion", "formula"} & set(head):
        return tuple(line.strip() for line in lines)
    rows = csv.DictReader(lines[1:], fieldnames=head)
    return tuple(_row(row, f"{path} row {number}") for number, row in enumerate(rows, 1))


def _row(row: dict[str, str], where: str) -> str:
    name = (row.get("ion") or row.get("formula") or "").strip()
    if not name:
        raise CaseError(message(where, found="neither ion nor formula", expected="one of them"))
    try:
        z = parse_charge((row.get("charge") or "").strip() or None)
        written = written_charge(name)
    except (CaseError, ChargeError) as error:
        raise CaseError(f"{where}: {error}") from error
    if z is None or z == written:
        return name
    if written is not None:
        raise CaseError(
            message(where, found=f"{name} with charge {z:+d}", expected="one charge, written once")
        )
    return f"[{name}]{abs(z)}{'-' if z < 0 else '+'}" if z else f"[{name}]0"


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (
        (error.strerror or str(error)) if isinstance(error, OSError) else "bytes that are not text"
    )
