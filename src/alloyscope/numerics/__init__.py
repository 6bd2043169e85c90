"""Kernels that know arrays only: float64 in, float64 out."""
