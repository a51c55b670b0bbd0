"""Training of the shipped English model: corpora in, packaged weights out. Needs the `train` extra."""
