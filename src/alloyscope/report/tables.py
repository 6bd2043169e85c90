"""Tables: for the terminal, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.species import charge_text
from alloyscope.results import IonFacts, Look, OverlaidIon, Pattern
from alloyscope.spectra import ProfileSpectrum

SHOWN = 0.01
"""Peaks below this share of the tallest are in the CSV and not in the terminal."""


def pattern_csv(patterns: Sequence[Pattern]) -> str:
    """`mz,probability` of every peak; `ion,charge` before them when there are several ions.

    Of a neutral the first column is its mass, Da; its name is then `mass`, or among several the
    charge 0 says so.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    several = len(patterns) > 1
    neutral = all(p.facts.ion.charge == 0 for p in patterns)
    head = ["ion", "charge"] if several else []
    writer.writerow([*head, "mass" if neutral else "mz", "probability"])
    for pattern in patterns:
        ion = pattern.facts.ion
        name = [str(ion), str(ion.charge)] if several else []
        for mz, probability in zip(pattern.mz, pattern.probability, strict=True):
            writer.writerow([*name, f"{mz:.6f}", f"{probability:.9g}"])
    return out.getvalue()


def peak_csv(look: Look) -> str:
    """`mz,intensity` of the spectrum's peaks, ascending m/z."""
    if look.peaks is None:
        return "mz,intensity\n"
    peaks = zip(look.peaks.mz, look.peaks.intensity, strict=True)
    return "mz,intensity\n" + "".join(f"{mz:.5f},{height:.6g}\n" for mz, height in peaks)


def pattern_tables(patterns: Sequence[Pattern]) -> Group:
    """Facts of each ion and its tallest peaks."""
    parts: list[RenderableType] = []
    for pattern in patterns:
        parts += [facts_text(pattern.facts), *_seen(pattern), _peak_table(pattern), Text("")]
    return Group(*parts)


def _seen(pattern: Pattern) -> list[Text]:
    """What an instrument of the resolving power asked for would show as peaks."""
    if pattern.envelope is None:
        return []
    mz, height = pattern.envelope.maxima()
    power = pattern.envelope.resolving_power
    peaks = "1 peak" if mz.size == 1 else f"{mz.size} separate peaks"
    return [Text(f"  at R = {power:g}: {peaks}, the tallest at m/z {mz[height.argmax()]:.3f}")]


def facts_text(facts: IonFacts) -> Text:
    """An ion's name, formula, electrons and m/z in a few lines."""
    ion = facts.ion
    unit = "m/z" if ion.charge else "mass"
    text = Text()
    text.append(str(ion), style="bold")
    if str(ion) != facts.asked:
        text.append(f"   (from {facts.asked})", style="dim")
    text.append(f"\n  formula {ion.formula}   charge {charge_text(ion.charge) or 0}   ")
    text.append(_electrons(facts))
    text.append(
        f"\n  {unit}: monoisotopic {facts.monoisotopic_mz:.4f}, most abundant "
        f"{facts.most_abundant_mz:.4f}, average {facts.average_mz:.4f} "
        f"± {facts.average_mz_sd:.4f} (natural variation of the isotopes)"
    )
    if ion.remark:
        text.append(f"\n  note: {ion.remark}", style="yellow")
    return text


def _electrons(facts: IonFacts) -> str:
    if facts.electrons is None:
        return f"electrons: {facts.electrons_remark}"
    return f"valence electrons {facts.electrons}"


def _peak_table(pattern: Pattern) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    table.add_column("m/z" if pattern.facts.ion.charge else "mass", justify="right")
    table.add_column("probability", justify="right")
    table.add_column("relative", justify="right")
    tallest = pattern.probability.max()
    for mz, probability in zip(pattern.mz, pattern.probability, strict=True):
        if probability >= SHOWN * tallest:
            table.add_row(f"{mz:.4f}", f"{probability:.5f}", f"{100 * probability / tallest:.1f} %")
    return table


def look_summary(look: Look) -> Table:
    """What is in the file, line by line."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
    for name, value in look_facts(look):
        table.add_row(Text(name, style="dim"), value)
    return table


def look_facts(look: Look) -> list[tuple[str, str]]:
    """What is in the file: names and values as text."""
    taken, spectrum = look.spectrum.acquisition, look.spectrum
    low, high = spectrum.mz_range
    mode = "profile" if isinstance(spectrum, ProfileSpectrum) else "centroid"
    scans = f"{taken.scans_read}"
    if taken.scans_in_file:
        scans += f" of {taken.scans_in_file}"
    facts = [
        ("file", taken.source),
        ("format", taken.file_format),
        ("scans read", scans + (", averaged" if taken.scans_read > 1 else "")),
        ("polarity", taken.polarity or "not stated"),
        ("MS level", str(taken.ms_level) if taken.ms_level else "not stated"),
    ]
    if taken.time_min:
        first, last = taken.time_min
        facts.append(
            ("time", f"{first:.2f} min" if first == last else f"{first:.2f}-{last:.2f} min")
        )
    if taken.precursor_mz:
        facts.append(("precursor", f"m/z {taken.precursor_mz:.4f}"))
    if taken.instrument or taken.analyzer:
        facts.append(("instrument", ", ".join(x for x in (taken.instrument, taken.analyzer) if x)))
    facts += [
        ("m/z", f"{low:.4f} to {high:.4f}, {len(spectrum)} points, {mode}"),
        ("resolving power", _resolving_power(look)),
        ("calibration", "unknown: m/z as the file has it"),
    ]
    return facts + [("note", note) for note in taken.notes]


def _resolving_power(look: Look) -> str:
    power = look.resolving_power
    if power is None:
        return "not seen (too few separate peaks)"
    where = f"width of {power.n_peaks} peaks around m/z {power.at_mz:.0f}"
    return f"{power.value:.0f} ± {power.spread:.0f} ({where})"


def overlay_table(ions: Sequence[OverlaidIon]) -> Table:
    """How each ion's envelope lies over the spectrum."""
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name, justify in OVERLAY_COLUMNS:
        table.add_column(name, justify="left" if justify == "left" else "right", overflow="fold")
    for ion in ions:
        table.add_row(*overlay_cells(ion))
    return table


OVERLAY_COLUMNS = (
    ("ion", "left"), ("e-", "right"), ("m/z calc.", "right"), ("m/z meas.", "right"),
    ("error ppm", "right"), ("R", "right"), ("cosine\nfree scale", "right"),
    ("R²\nfree scale", "right"), ("cosine\n+ shift", "right"), ("R²\n+ shift", "right"),
)  # fmt: skip


def overlay_cells(ion: OverlaidIon) -> list[str]:
    """One row of the table of overlaid ions, as text."""
    facts, lay = ion.facts, ion.overlay
    start = [
        str(facts.ion), "" if facts.electrons is None else str(facts.electrons),
        f"{facts.most_abundant_mz:.4f}",
    ]  # fmt: skip
    if lay is None:
        return [*start, "outside", "", "", "", "", "", ""]
    power = "-" if lay.resolving_power is None else f"{lay.resolving_power:.0f}"
    power += "*" if lay.resolving_power_fitted else ""
    return [
        *start, f"{lay.mz_measured:.4f}", f"{lay.error_ppm:+.2f}", power,
        f"{lay.as_placed.cosine:.4f}", f"{lay.as_placed.r2:.4f}",
        f"{lay.shifted.cosine:.4f}", f"{lay.shifted.r2:.4f}",
    ]  # fmt: skip


def ligand_table(vocabulary: Vocabulary) -> Table:
    """Ligands that notation knows."""
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name in ("name", "as bound", "charge", "electrons", "kind", "also written"):
        table.add_column(name)
    for ligand in vocabulary.ligands:
        table.add_row(ligand.name, str(ligand.formula), f"{ligand.charge:+d}",
                      str(ligand.electrons), ligand.kind, ", ".join(ligand.aliases))  # fmt: skip
    return table


def adduct_table(vocabulary: Vocabulary) -> Table:
    """Adducts that notation knows."""
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name in ("adduct", "formula", "charge", "also written"):
        table.add_column(name)
    for adduct in vocabulary.adducts:
        table.add_row(adduct.name, str(adduct.formula), f"{adduct.charge:+d}",
                      ", ".join(adduct.aliases))  # fmt: skip
    return table
