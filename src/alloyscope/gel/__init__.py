"""Gel electrophoresis: which species runs ahead, and why."""
