"""Hold-out spectra with known truth, and what is measured on them."""
