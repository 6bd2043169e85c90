"""Frameworks as structures: site classes, homotops, three dimensions."""
