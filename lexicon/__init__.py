"""What the reader learns from: terms with weights by hand, labelled texts, and the program that fits them together."""
