"""Facts drawn with Folium: one style table, one file a layer, one door for text. Nothing is computed here."""
