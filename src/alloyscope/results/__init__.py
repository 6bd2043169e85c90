"""What a run gives back: records that reports, the store and `--json` read."""

from alloyscope.results.assign import POWER_MZ, Assigned, instrument_json
from alloyscope.results.columns import Columns
from alloyscope.results.isotopes import IonFacts, Pattern
from alloyscope.results.msms import TandemMS
from alloyscope.results.results import Results
from alloyscope.results.show import Look, OverlaidIon

__all__ = [
    "POWER_MZ",
    "Assigned",
    "Columns",
    "IonFacts",
    "Look",
    "OverlaidIon",
    "Pattern",
    "Results",
    "TandemMS",
    "instrument_json",
]
