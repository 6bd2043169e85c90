"""Units of absorption files, and times, as people and programs write them in headings."""

from __future__ import annotations

import re
from typing import Literal

XUnit = Literal["nm", "um", "angstrom", "eV", "cm-1"]
YUnit = Literal["absorbance", "milliabsorbance", "transmittance", "percent", "molar", "other"]


_X_UNITS: tuple[tuple[XUnit, re.Pattern[str]], ...] = (
    ("cm-1", re.compile(r"wave\s?-?numbers?|wellenzahl|\b1/cm\b|cm\s?\^?[-−–⁻]\s?[1¹]", re.I)),
    ("eV", re.compile(r"\benerg(?:y|ie)\b|\bphoton energy\b|(?<![a-z])ev(?![a-z])", re.I)),
    ("um", re.compile(r"(?<![a-z])[µμu]m(?![a-z])|micro-?met(?:er|re)s?|microns?\b", re.I)),
    ("angstrom", re.compile(r"\bangstroms?\b|\[Å\]|\(Å\)|/\s?Å", re.I)),
    ("nm", re.compile(r"(?<![a-z])nm(?![a-z])|nano-?met(?:er|re)s?", re.I)),
)
# Names of the axis that leave the unit open; nm is then meant.
_X_NAMES = re.compile(
    r"wave\s?-?lengths?|wellenl[äa]e?nge|longueurs? d.onde|longitud de onda|"
    r"\blambda\b|λ|^wave$|^wl$|^wvl$",
    re.I,
)
# Told by the first that fits; "Abs" comes after those that hold it in a longer word.
_Y_UNITS: tuple[tuple[YUnit, re.Pattern[str]], ...] = (
    ("percent", re.compile(r"%\s?T\b|\bT\s?[\[(/]?\s?%|transmi\w*\s*[\[(/]?\s?(?:%|percent)"
                           r"|percent transm\w*|%\s?transm\w*", re.I)),
    ("molar", re.compile(r"\bepsilon\b|ε|molar (?:abs|ext|dec)|extinction coeff|"
                         r"\bM\s?\^?[-−⁻]\s?[1¹]\s?[·*.]?\s?cm|l\s?mol", re.I)),
    ("other", re.compile(r"counts?\b|intensit|reflect\w*|%\s?R\b|\bR\s?%|"
                         r"^\W*(?:dark|ref|reference)\W*$|std\.?\s?dev|standard dev|\bs\.?d\.?$|"
                         r"\berrors?\b|fluoresc|emission|excitation|"
                         r"(?:1st|2nd|first|second) deriv|single beam|kubelka|log\(?1/r|"
                         r"irradiance|variance", re.I)),
    ("milliabsorbance", re.compile(r"\bm(?:AU|OD|Abs|A\.U\.|O\.D\.)(?![a-z])|milli-?abs", re.I)),
    ("transmittance", re.compile(r"transmi(?:ttan[cz]e?|ssion|tancia)|\btransm?\b|(?-i:^T$)",
                                 re.I)),
    ("absorbance", re.compile(r"\babs(?:orbanc?e|orban[zs]|orption|orbancia|orb)?\b|extin[kc]tion"
                              r"|optical density|\bA\.?U\.?$|(?-i:^A$)|^OD$|\bO\.D\.?|"
                              r"\b10\s?mm abs", re.I)),
)  # fmt: skip
# A heading that says the kind of value but names no sample.
_ONLY_Y = re.compile(
    r"[\s\[\](){}/,._]*(?:abs(?:\.|orbanc?e|orban[zs]|orption|orbancia|orb)?|a\.?u\.?|a|extinction|"
    r"extinktion|y|od\d*|o\.d\.|mau|mod|mabs|%\s?t|t\s?%?|transmi\w*|%|percent|optical density|"
    r"value|data|signal|10 ?mm|[\s\[\](){}/,._])+",
    re.I,
)

LONGEST_NAME = 300
_SECONDS = r"s|secs?|seconds?|sek\.?|sekunden?"
_MINUTES = r"m|mins?\.?|minutes?|minuten?"
_HOURS = r"h|hrs?|hours?|std|stunden?"
_TIME_UNIT = rf"ms|{_SECONDS}|mins?|minutes?|minuten?|{_HOURS}|d|days?|tage?"
_NUMBER = r"\d+(?:[.,]\d+)?"
_TIME = re.compile(
    rf"(?<![A-Za-z0-9.,])(?P<t>t\s?=?\s?)?(?P<n>{_NUMBER})[\s_]?(?P<u>{_TIME_UNIT})(?![A-Za-z0-9])",
    re.I,
)
_HOURS_AND_MINUTES = re.compile(
    rf"(?<![A-Za-z0-9.,])(\d+)(?:\s?(?:{_HOURS})\s?(\d+)\s?(?:mins?|minutes?)|h(\d\d))(?![A-Za-z0-9])",
    re.I,
)
# The start needs no unit: "t0", "t = 0", or "0" alone.
_START = re.compile(r"(?<![A-Za-z0-9])t\s?=?\s?0(?![\w.,])|^\s*0\s*$", re.I)
_BARE = re.compile(rf"\s*(?:t\s?=\s?|time\s?=?\s?)?(?P<n>{_NUMBER}(?:[eE][+-]?\d+)?)\s*", re.I)
_HEADED_TIME = re.compile(
    rf"\b(?:time|zeit|temps|tiempo|t)\s*[\[(/,]\s*(?P<u>ms|{_SECONDS}|{_MINUTES}|{_HOURS}|d|days?)"
    r"\s*(?:[\])]|$|[^A-Za-z0-9])",
    re.I,
)
_PATH = re.compile(
    r"path\s?-?\s?length(?P<gap>[^\n\d]{0,24}?)(?P<n>\d+(?:[.,]\d+)?)\s?(?P<unit>[cm]m\b)?", re.I
)
_LENGTH_UNIT = re.compile(r"(?<![a-z])[cm]m(?![a-z])", re.I)


def x_unit_of(heading: str) -> XUnit | None:
    """Unit of an axis of wavelengths or energies; None if the heading is of no such axis.

    >>> x_unit_of("Wavelength (nm)"), x_unit_of("E / eV"), x_unit_of("1/CM"), x_unit_of("Abs")
    ('nm', 'eV', 'cm-1', None)
    """
    for unit, pattern in _X_UNITS:
        if pattern.search(heading):
            return unit
    return "nm" if _X_NAMES.search(heading.strip()) else None


def y_unit_of(heading: str) -> YUnit | None:
    """Kind of value a column holds; None if the heading does not say.

    >>> y_unit_of("Abs"), y_unit_of("%T"), y_unit_of("Au44 Abs (mAU)"), y_unit_of("10 min")
    ('absorbance', 'percent', 'milliabsorbance', None)
    """
    return next((unit for unit, pattern in _Y_UNITS if pattern.search(heading.strip())), None)


def sample_name(heading: str) -> str:
    """The heading if it names a sample, otherwise an empty text.

    >>> sample_name("Abs."), sample_name("Au44 Abs")
    ('', 'Au44 Abs')
    """
    heading = heading.strip()
    return "" if _ONLY_Y.fullmatch(heading) else heading


def minutes_in(unit: str) -> float:
    """Minutes in one of a unit of time."""
    unit = unit.lower().rstrip(".")
    for pattern, minutes in (
        ("ms", 1 / 60_000), (_SECONDS, 1 / 60), (_MINUTES, 1.0), (_HOURS, 60.0),
    ):  # fmt: skip
        if re.fullmatch(pattern, unit):
            return minutes
    return 1440.0


def time_in(name: str) -> float | None:
    """Minutes written with a unit in a name; None if there is no time in it, or more than one.

    >>> time_in("Au44_t=10min"), time_in("1h30"), time_in("0030s.csv"), time_in("Ag25s")
    (10.0, 90.0, 0.5, None)
    >>> time_in("run-5min"), time_in("-5 min"), time_in("Au44_t0"), time_in("2h 3")
    (5.0, -5.0, 0.0, 120.0)
    """
    # An underscore is a space to people, but a letter to the pattern.
    name = name.replace("_", " ")[:LONGEST_NAME]
    both = list(_HOURS_AND_MINUTES.finditer(name))
    if len(both) == 1:
        return _value(both[0][1]) * 60 + _value(both[0][2] or both[0][3])
    found = list(_TIME.finditer(name))
    marked = [match for match in found if match["t"]]
    chosen = marked or found
    if len(chosen) != 1:
        return 0.0 if not found and _START.search(name) else None
    before = name[: chosen[0].start("n")].strip()
    sign = -1 if before and before[-1] in "-−" and before[:-1].strip(" t=") == "" else 1
    return sign * _value(chosen[0]["n"]) * minutes_in(chosen[0]["u"])


def bare_number(name: str) -> float | None:
    """The number a name consists of; None if there is anything else in it."""
    match = _BARE.fullmatch(name)
    value = _value(match["n"]) if match and len(name) < 40 else None
    return value if value is not None and value < 1e9 else None


def time_unit_in(heading: str) -> float | None:
    """Minutes in one of the unit that a heading such as "Time (s)" gives; None if it gives none.

    >>> time_unit_in("Time (s)"), time_unit_in("Wavelength / nm")
    (0.016666666666666666, None)
    """
    match = _HEADED_TIME.search(heading)
    return minutes_in(match["u"]) if match else None


def path_length(header: str) -> float | None:
    """Length of the cuvette in cm, where a header states it with its unit.

    >>> path_length("Path Length (mm): 10"), path_length("pathlength = 1.0 cm")
    (1.0, 1.0)
    """
    match = _PATH.search(header)
    named = (_LENGTH_UNIT.search(match["gap"]) or _LENGTH_UNIT.search(match["unit"] or "")
             if match else None)  # fmt: skip
    if match is None or named is None:
        return None
    value = _value(match["n"]) / (10.0 if named[0].lower() == "mm" else 1.0)
    return value if 0 < value <= 100 else None


def _value(text: str) -> float:
    return min(float(text.replace(",", ".")), 1e12)
