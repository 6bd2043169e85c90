"""What is found of the bands of a spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.uvvis.derivative import Derivative

Floats = NDArray[np.float64]
DRAWN = (
    "wavelength_nm", "absorbance", "fitted", "background", "contributions", "covariance"
)  # fmt: skip


@dataclass(frozen=True)
class Band:
    """One band; each sd is one standard deviation.

    kind         : "peak" where the spectrum has a maximum, else "shoulder"
    position_nm  : of the band's own maximum
    energy_ev    : the same
    width_ev     : full width at half maximum; width_nm: the same between its two wavelengths
    height       : absorbance at its maximum
    area         : absorbance times eV
    maximum_nm   : where the spectrum itself has its maximum; NaN for a shoulder
    significance : second derivative there over the standard deviation of its noise
    worth        : by how much chi2, over the misfit, rises without the band
    sure         : it has a minimum of the second derivative of its own, inside the window, 3 sd
                   above noise; otherwise only a sum of bands of this shape asks for it
    group        : number of the group of bands that run into one another; None where it is alone
    """

    kind: str
    position_nm: float
    position_sd: float
    energy_ev: float
    energy_sd: float
    width_ev: float
    width_ev_sd: float
    width_nm: float
    width_nm_sd: float
    height: float
    height_sd: float
    area: float
    area_sd: float
    maximum_nm: float
    significance: float
    worth: float
    sure: bool = True
    group: int | None = None


@dataclass(frozen=True, eq=False)
class BandAnalysis:
    """Bands of one spectrum, and all that is needed to draw and to doubt them.

    bands         : ascending in wavelength, also those that are not sure
    verdict       : one line, "5 bands, 2 of them shoulders"
    featureless   : no band is sure
    wavelength_nm, absorbance, fitted, background : (n_points,) as fitted
    contributions : (n_bands, n_points) absorbance of each band
    covariance    : (3 n_bands, 3 n_bands) of height, energy (eV) and width (eV) of each band in
                    turn, scaled by the misfit; without what a band's own sd has for its shape
    residual_sd   : of measured less fitted
    chi2          : over the degrees of freedom, 1 where the model fits within noise
    noise_sd, noise_how, noise_correlation : of one point of `absorbance`
    limit         : height from which a band 0.25 eV wide would be seen, 3 sd; NaN if never
    shape         : of all bands, in words; mixing (Lorentzian share), skew: in numbers
    groups        : indices of bands that run into one another
    derivative    : second derivative by energy at the width that shows the bands best
    name, source  : of the spectrum; sketch: whether it is one
    notes         : what the user must know
    """

    bands: tuple[Band, ...]
    verdict: str
    wavelength_nm: Floats
    absorbance: Floats
    fitted: Floats
    background: Floats
    contributions: Floats
    covariance: Floats
    residual_sd: float
    chi2: float
    noise_sd: float
    noise_how: str
    noise_correlation: float
    limit: float
    shape: str
    mixing: float
    skew: float
    groups: tuple[tuple[int, ...], ...]
    derivative: Derivative | None
    name: str = ""
    source: str = ""
    sketch: bool = False
    notes: tuple[str, ...] = ()

    @property
    def featureless(self) -> bool:
        """Whether no band is sure."""
        return not any(band.sure for band in self.bands)

    @property
    def sure(self) -> tuple[Band, ...]:
        """Bands that are sure, ascending in wavelength."""
        return tuple(band for band in self.bands if band.sure)

    def as_json(self) -> dict[str, Any]:
        """Everything but the arrays to draw; NaN as null."""
        entry = {
            key: value for key, value in vars(self).items() if key not in (*DRAWN, "derivative")
        }
        entry["bands"] = [
            {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in vars(b).items()}
            for b in self.bands
        ]
        entry["limit"] = None if np.isnan(self.limit) else self.limit
        return entry | {"featureless": self.featureless, "covariance": self.covariance.tolist()}
