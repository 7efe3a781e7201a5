"""The Streamlit dashboard: pages that show named queries of the catalogue, and nothing that is not in one."""
