"""Reading industry: a text becomes the plan's topics, or none, or unsure between two, with the words that decided."""
