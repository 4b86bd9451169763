"""What a person sees: one file a page, Streamlit only, neither geometry nor rules."""
