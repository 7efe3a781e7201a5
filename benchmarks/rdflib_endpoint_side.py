"""rdflib-endpoint over a dump of the atlas: `python -m benchmarks.rdflib_endpoint_side DUMP PORT`."""

from __future__ import annotations

import sys

import rdflib
import uvicorn
from rdflib_endpoint import SparqlEndpoint


def main(dump: str, port: int) -> None:
    """Serve the dump, its default graph the union of its named graphs, until the process is ended."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(dump, format="nquads")
    app = SparqlEndpoint(graph=dataset, path="/")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
