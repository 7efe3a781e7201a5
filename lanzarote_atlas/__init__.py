"""Lanzarote Atlas: a comparative-law knowledge base on the Parties to the Lanzarote Convention.

The package turns curated YAML into an RDF dataset, checks it, answers named SPARQL queries over it and shows
it in a dashboard. Importing it opens nothing: no file, no store, no connection.
"""

__version__ = "0.1.0"
