"""`digits compare`: what a commit did to the network, and whether that is worse."""
