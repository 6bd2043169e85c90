"""Reactions between nanoclusters: declared, simulated, fitted, audited, planned."""
