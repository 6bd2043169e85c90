"""Rates of each kind of step and their derivatives: arrays in, arrays out.

Every kind has a record of arrays, `add_rates`, and `add_jacobian`. y holds n populations, then the
pools. The Jacobian is banded but for a border (numerics.bordered_band): a column for each pool, and
for each sum over populations that rates depend on (U and D of an exchange, the activity of clusters
that take part without being used up, the clusters that meet), with a row that defines the sum.
"""
