"""The pictures: each module draws one figure from arrays, and knows no file."""
