"""The ladder's pictures: each module draws from numbers, and knows no file."""
