"""The places of the map for other programs, as tables with shapes; and their shapes on paper, as plain numbers."""
