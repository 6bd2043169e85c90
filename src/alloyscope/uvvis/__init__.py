"""Absorption spectra read: bands, mixtures, time courses, colour."""
