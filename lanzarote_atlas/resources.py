"""Where the project's own files are: ontology, data, queries and the dashboard's entry.

In a checkout they stand at its top; in an installed wheel they travel inside the package. Texts are read here
so that one setting, the base, holds for all of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import platformdirs

from lanzarote_atlas import settings
from lanzarote_atlas.errors import AtlasError

PACKAGE = Path(__file__).resolve().parent


@cache
def project() -> Path:
    """Return the folder that holds ontology/, data/, queries/ and app.py."""
    for folder in (PACKAGE / "_project", PACKAGE.parent):
        if (folder / "ontology" / "context.jsonld").is_file():
            return folder
    message = f"no ontology beside or inside {PACKAGE}: install the package again"
    raise AtlasError(message)


def in_checkout() -> bool:
    """Tell whether the package runs from a checkout rather than from an installed wheel."""
    return project() == PACKAGE.parent and (PACKAGE.parent / "pyproject.toml").is_file()


def store_folder() -> Path:
    """Return the folder in which builds are kept: the setting, else build/ or the user's data folder."""
    if settings.current().store:
        return Path(settings.current().store)
    if in_checkout():
        return PACKAGE.parent / "build"
    return Path(platformdirs.user_data_dir("lanzarote-atlas")) / "build"


def local_data_folder() -> Path:
    """Return the folder of the reader's own records: the setting, else in the user's data folder.

    It lies outside the project, so that a document's own words never end up in the project's data.
    """
    if settings.current().data:
        return Path(settings.current().data)
    return Path(platformdirs.user_data_dir("lanzarote-atlas")) / "data"


def read_text(path: Path) -> str:
    """Return a text of the project with the base of the settings in place of the default one."""
    text = path.read_text(encoding="utf-8")
    base = settings.current().base
    return text if base == settings.DEFAULT_BASE else text.replace(settings.DEFAULT_BASE, base)
