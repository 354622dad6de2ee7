"""The page to draw a digit on: its HTML, CSS and JavaScript, and what puts them into one file."""
