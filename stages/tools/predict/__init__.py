"""The sub-command `digits predict`: what the trained network reads in pictures and tables."""
