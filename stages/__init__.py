"""The pipeline: one module a stage, run as `python -m stages.NAME`."""
