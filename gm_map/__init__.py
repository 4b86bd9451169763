"""The industry map of 光明区 as facts and questions: neither Streamlit nor Folium is imported below this point."""
