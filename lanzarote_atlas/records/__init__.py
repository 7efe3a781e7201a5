"""Curated YAML files as typed records, and records as RDF quads."""
