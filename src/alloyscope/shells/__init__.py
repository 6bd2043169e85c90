"""Ligand shells: how two kinds of ligand share a framework."""
