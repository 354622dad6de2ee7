"""Training on other machines: Dask's workers keep pieces of the rows, and answer in exact sums.

Only this folder knows Dask, and nothing imports it but what trains, where DIGITS_CLUSTER is set.
"""
