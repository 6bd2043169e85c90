"""A gel as CSV: mobilities, orders, ranges, the lane to expect, and bands matched."""

from __future__ import annotations

from alloyscope.report.assignment_tables import csv_text
from alloyscope.results.gel import GelRun


def gel_csvs(found: GelRun) -> dict[str, str]:
    """Every table by its file name."""
    tables = {"mobilities.csv": mobilities_csv(found), "lane.csv": lane_csv(found)}
    if len(found.chosen) > 1:
        tables |= {"orders.csv": orders_csv(found), "ranges.csv": ranges_csv(found)}
    return tables | ({"bands.csv": bands_csv(found)} if found.match else {})


def mobilities_csv(found: GelRun) -> str:
    """One row a species, model by model; `relative` is of the whole sample."""
    head = ["model", "sample", "species", "framework", "mobility", "unit", "sample_mobility",
            "relative", "relative_sd", "charge", "effective_charge", "ionised", "mass_Da",
            "radius_nm", "retardation_per_percent", "remark"]  # fmt: skip
    return csv_text(head, (
        [one.model, one.name, str(species), one.framework, f"{value:.8g}", one.unit,
         f"{one.value:.8g}", f"{one.relative:.8g}",
         f"{one.relative_sd:.4g}" if one.drawn.size else None, f"{one.charge:.6g}",
         f"{one.effective_charge:.6g}", None if one.ionised is None else f"{one.ionised:.6g}",
         f"{one.mass:.8g}", f"{one.radius:.6g}", f"{one.retardation:.6g}", one.remark]
        for ones in found.mobility.values() for one in ones
        for species, value in zip(one.sample.members, one.members, strict=True)
    ))  # fmt: skip


def orders_csv(found: GelRun) -> str:
    """One row a pair and model."""
    head = ["model", "slower", "faster", "difference", "verdict", "faster_share", "tied_share",
            "slower_share"]  # fmt: skip
    return csv_text(head, (
        [pair.model, pair.slower, pair.faster, f"{pair.difference:.6g}", pair.verdict,
         pair.faster_share, pair.tied_share, pair.slower_share]
        for pairs in found.orders.values() for pair in pairs
    ))  # fmt: skip


def ranges_csv(found: GelRun) -> str:
    """One row a span over which neighbours keep their order; none where they never do."""
    head = ["model", "slower", "faster", "condition", "unit", "scanned_from", "scanned_to",
            "holds_from", "holds_to"]  # fmt: skip
    return csv_text(head, (
        [r.model, r.slower, r.faster, r.condition, r.unit, *(f"{v:g}" for v in r.scanned),
         *((f"{v:.6g}" for v in span) if span else (None, None))]
        for r in found.ranges for span in (r.spans or (None,))
    ))  # fmt: skip


def lane_csv(found: GelRun) -> str:
    """The lane to expect: distance over the run of the fastest, and what each sample adds."""
    names = [band.name for band in found.lane.bands]
    rows = zip(found.lane.distance, found.lane.intensity, *found.lane.parts, strict=True)
    return csv_text(["distance", "intensity", *names],
                    ([f"{value:.6g}" for value in row] for row in rows))  # fmt: skip


def bands_csv(found: GelRun) -> str:
    """One row a band and candidate."""
    head = ["lane", "position", "position_sd", "rf", "width", "height", "signal_to_noise",
            "candidate", "probability", "certain", "fits"]  # fmt: skip
    match = found.match
    assert match is not None
    return csv_text(head, (
        [match.lane, f"{one.band.position:.6g}", f"{one.band.position_sd:.4g}",
         None if one.rf is None else f"{one.rf:.6g}", f"{one.band.width:.5g}",
         f"{one.band.height:.6g}", f"{one.band.signal_to_noise:.4g}", name or "none of these",
         f"{p:.6g}", "yes" if one.certain else "no", "yes" if one.fits else "no"]
        for one in match.bands for name, p in one.candidates
    ))  # fmt: skip
