"""The study's pictures: each module draws from arrays, and knows no file."""
