"""Readers of the data that users bring: CSV, Parquet and IDX. Each refuses what is not digits."""
