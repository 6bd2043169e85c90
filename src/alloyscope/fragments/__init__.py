"""Tandem mass spectra: what leaves a precursor, and when."""
