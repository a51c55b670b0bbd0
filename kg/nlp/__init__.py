"""From an article to a reading: the language model, the spaCy components, and the one way out of spaCy."""
