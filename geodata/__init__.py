"""From the hand-written sources to the outlines that the map shows. Nothing imports this but the command line."""
