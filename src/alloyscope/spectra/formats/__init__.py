"""One module for each file format; each yields the scans of a file one after another."""
