"""What a study is and what is asked of it: every setting, with its default filled in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from alloyscope.case.electrons_section import ElectronsSection
from alloyscope.case.experiment_section import ExperimentSection
from alloyscope.case.fit_section import CompareSection, FitSection
from alloyscope.case.gel_section import GelSection
from alloyscope.case.msms_section import MsmsSection
from alloyscope.case.observation_section import ObservationsSection
from alloyscope.case.plan_section import PlanSection
from alloyscope.case.reaction_section import ReactionSection
from alloyscope.case.section import NotNegative, Positive, Section, Whole
from alloyscope.case.shells_section import ShellsSection
from alloyscope.case.space_section import Space
from alloyscope.case.structure_section import HomotopsSection, StructureSection
from alloyscope.case.uvvis_section import UvvisSection
from alloyscope.chemistry.species import is_metal

ResolvingPower = Annotated[float, Field(ge=10, le=1e8, allow_inf_nan=False, strict=True)]
Tail = Annotated[float, Field(ge=0.01, le=50, strict=True)]
Share = Annotated[float, Field(ge=0, lt=1, strict=True)]


class LigandEntry(Section):
    """`[[chemistry.ligand]]`: a ligand of the user's own.

    formula as bound; charge as bound; electrons withdrawn from the core; acids: hydrogens that
    leave as H+ in electrospray.
    """

    name: str
    formula: str
    charge: Whole = -1
    denticity: Whole = 1
    electrons: Whole = 1
    acids: Annotated[int, Field(ge=0, le=12, strict=True)] = 0
    kind: str = "thiolate"
    title: str = ""
    aliases: tuple[str, ...] = ()
    free: str | None = None
    cas: str = ""


class Chemistry(Section):
    """`[chemistry]`: what names mean.

    thiolate      : the ligand that SR stands for
    ligand        : ligands of the user's own
    valence       : valence electrons per atom of metals that the bundled table lacks
    isotope_table : "" for the bundled one, "isospec", or a CSV file with its columns
    """

    thiolate: str = ""
    ligand: tuple[LigandEntry, ...] = ()
    valence: dict[str, Whole] = Field(default_factory=dict)
    isotope_table: str = ""

    @model_validator(mode="after")
    def _valence_of_metals(self) -> Chemistry:
        for symbol in self.valence:
            if not is_metal(symbol):
                raise ValueError(f"valence of {symbol}: not a metal")
        return self


class Instrument(Section):
    """`[instrument]`: how one peak looks.

    resolving_power : m/z over full width at half maximum; 0 where it is not known
    peak_shape      : "gaussian", "lorentzian" (FT) or "tailed" (TOF)
    tail            : of "tailed", decay length over the Gaussian's standard deviation
    """

    resolving_power: ResolvingPower | Literal[0] = 0
    peak_shape: Literal["gaussian", "lorentzian", "tailed"] = "gaussian"
    tail: Tail = 1.0


class Isotopes(Section):
    """`[isotopes]`: patterns to compute.

    ions   : in any notation, or plain formulas
    charge : for those written without one; 0 leaves them neutral
    prune  : peaks with less probability are left out
    fine_structure : 0 for peaks aggregated by nucleon number; or the share of all isotopologues,
             0.999 say, that is listed one by one
    """

    ions: tuple[str, ...] = ()
    charge: Whole = 0
    prune: Share = 1e-6
    fine_structure: Share = 0.0


class Spectrum(Section):
    """`[spectrum]`: a file and what of it to read.

    file     : mzML, mzXML, text, Bruker peak list ...
    scans    : "" for all, "3" or "1-20"
    ms_level : 0 for the lowest in the file
    polarity : "" for that of the first scan
    mode     : "" for what the file says or shows
    mz       : [lowest, highest] to look at; [] for everything
    """

    file: str = ""
    scans: str = ""
    ms_level: Annotated[int, Field(ge=0, le=10, strict=True)] = 0
    polarity: Literal["", "negative", "positive"] = ""
    mode: Literal["", "profile", "centroid"] = ""
    mz: tuple[()] | tuple[Positive, Positive] = ()

    @model_validator(mode="after")
    def _window_has_width(self) -> Spectrum:
        if self.mz and self.mz[0] >= self.mz[1]:
            raise ValueError(f"mz = {list(self.mz)}: the first must be below the second")
        return self


class Show(Section):
    """`[show]`: how to look at a spectrum.

    ions          : laid over it, in any notation
    charge        : for those written without one
    view          : simulated envelopes laid over the measured or mirrored below
    normalise     : how simulated envelopes are scaled: "least-squares" to the measured signal,
                    "tallest" peak to tallest peak, or equal "area"
    max_shift_ppm : of the free shift
    labels        : how many of the tallest peaks get their m/z written
    """

    ions: tuple[str, ...] = ()
    charge: Whole = 0
    view: Literal["overlay", "mirror"] = "overlay"
    normalise: Literal["least-squares", "tallest", "area"] = "least-squares"
    max_shift_ppm: Positive = 100.0
    labels: Annotated[int, Field(ge=0, le=200, strict=True)] = 20


class Assign(Section):
    """`[assign]`: what is known of a spectrum that is to be assigned.

    ions       : an explicit list, in place of the search space
    require, exclude : ions that are present, and that are not
    lock       : m/z of peaks whose place is known
    blank      : a spectrum to subtract
    mass_accuracy : ppm; 0 where it is not known
    resolving_power_at : m/z at which [instrument] resolving_power holds; 0 for 2500 of a
                 time-of-flight, 400 of a Fourier-transform analyser
    analyzer   : "" for what the file says or shows, "tof" or "ft"
    q          : share of false calls that is allowed
    """

    ions: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    lock: tuple[Positive, ...] = ()
    blank: str = ""
    mass_accuracy: NotNegative = 0.0
    resolving_power_at: NotNegative = 0.0
    analyzer: Literal["", "tof", "ft"] = ""
    q: Annotated[float, Field(gt=0, le=0.5, strict=True)] = 0.05


class Identify(Section):
    """`[identify]`: peaks that could be ions of the search space.

    mz       : as measured
    ppm      : how far off they may be
    charge   : signed; 0 for any
    polarity : "" for the charge's, or negative
    most     : how many ions of each peak are listed
    """

    mz: tuple[Positive, ...] = ()
    ppm: Annotated[float, Field(gt=0, le=1000, strict=True)] = 20.0
    charge: Whole = 0
    polarity: Literal["", "negative", "positive"] = ""
    most: Annotated[int, Field(ge=1, le=1000, strict=True)] = 10

    @model_validator(mode="after")
    def _one_polarity(self) -> Identify:
        sign = {"negative": "-", "positive": "+"}.get(self.polarity)
        if sign and self.charge and (self.charge > 0) == (sign == "-"):
            raise ValueError(f"a {self.polarity} charge, such as {abs(self.charge)}{sign}")
        return self

    @property
    def seen_as(self) -> Literal["negative", "positive"]:
        """The polarity: as stated, or the charge's, or negative."""
        return self.polarity or ("positive" if self.charge > 0 else "negative")


class Case(Section):
    """A whole study; sections that a command does not use are left at their defaults."""

    title: str = ""
    chemistry: Chemistry = Chemistry()
    instrument: Instrument = Instrument()
    space: Space = Space()
    isotopes: Isotopes = Isotopes()
    spectrum: Spectrum = Spectrum()
    show: Show = Show()
    assign: Assign = Assign()
    identify: Identify = Identify()
    reaction: ReactionSection = ReactionSection()
    experiment: ExperimentSection = ExperimentSection()
    plan: PlanSection = PlanSection()
    observations: ObservationsSection = ObservationsSection()
    fit: FitSection = FitSection()
    compare: CompareSection = CompareSection()
    shells: ShellsSection = ShellsSection()
    msms: MsmsSection = MsmsSection()
    gel: GelSection = GelSection()
    electrons: ElectronsSection = ElectronsSection()
    structure: StructureSection = StructureSection()
    homotops: HomotopsSection = HomotopsSection()
    uvvis: UvvisSection = UvvisSection()

    def only(self, *questions: str) -> Case:
        """This case with the chemistry and instrument, and no more asked than in `questions`."""
        kept = {"title", "chemistry", "instrument", *questions}
        return Case.model_validate({k: v for k, v in self.model_dump().items() if k in kept})

    def with_settings(self, **sections: dict[str, Any]) -> Case:
        """This case with some settings replaced, section by section, and checked anew."""
        merged = self.model_dump()
        for name, settings in sections.items():
            merged[name] = {**merged[name], **settings}
        return Case.model_validate(merged)
