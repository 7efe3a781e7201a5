"""`python -m lanzarote_atlas` is `lanzarote`."""

from lanzarote_atlas.cli import main

main()
