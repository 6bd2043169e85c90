"""alloyscope reads spectra of ligand-protected alloy nanoclusters."""
