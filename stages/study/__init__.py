"""The reproduction study: the blog post's run from many seeds, at two pixel scales.

It stands on top of the pipeline: unlike a stage it imports stages, for what it trains and scores
it trains and scores with their functions. No stage knows of it.
"""
