"""Which page of the dashboard shows a thing: the one table for links, redirects and the sitemap."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from lanzarote_atlas import permanent_addresses, terms
from lanzarote_atlas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BUILD, AT = "build", "at"
"""The parameters that name the build and the day that a page shows."""
_MADE = {"id/comparison", "id/scenario"}
_STATE = re.compile(r"[A-Z]{3}")
_PARTS = {
    "assessment": "positions",
    "observation": "observations",
    "measure": "measures",
    "practice": "measures",
    "reservation": "standing",
    "form-answer": "form",
}
"""The part of a State's page on which each kind of fact stands."""
_OF_A_CASE = {"decision", "event", "guidance", "disagreement", "referral-step"}
_PAGES = {
    "id/recommendation": ("recommendations", "recommendation"),
    "id/provision": ("provisions", "provision"),
    "id/instrument": ("provisions", "instrument"),
    "id/source": ("sources", "source"),
    "id/state": ("state", "state"),
    "id/case": ("case", "case"),
    "id/gap": ("gaps", "gap"),
}


def page_of(address: str) -> tuple[str, dict[str, str]] | None:
    """Return page and parameters that show a thing of the atlas, or None where no page does.

    A permanent address leads to the page as its build has it.
    """
    thing, build = permanent_addresses.split(address)
    shown = _page_of_thing(thing)
    return (shown[0], shown[1] | {BUILD: build}) if shown and build else shown


def _page_of_thing(address: str) -> tuple[str, dict[str, str]] | None:
    local = terms.compact(address)
    kind = "/".join(local.split("/")[:2])
    page = _PAGES.get(kind)
    if page:
        return page[0], {page[1]: terms.local_name(address)}
    if local.startswith("vocabulary/criterion/jurisdiction."):
        return "jurisdiction", {"principle": terms.local_name(address)}
    if kind in _MADE:
        return _page_of_made(kind, address)
    return _page_of_fact(kind.removeprefix("id/"), terms.local_name(address).split("/"))


def _page_of_made(kind: str, address: str) -> tuple[str, dict[str, str]] | None:
    """Return the page of a comparison or scenario, which is made anew from its address."""
    try:
        if kind == "id/scenario":
            return "scenario", permanent_addresses.scenario(address)
        compared = permanent_addresses.comparison(address)
    except UsageError:
        return None
    first, *others = compared.states
    chosen = {
        "state": first,
        "with": ",".join(others),
        "theme": "" if compared.criterion else compared.asked,
        "criterion": compared.criterion,
        "offence": compared.offence,
        AT: compared.day,
    }
    return "compare", {name: value for name, value in chosen.items() if value}


def _page_of_fact(kind: str, rest: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """Return the page on which a fact of a State or case stands; `rest` follows the kind in its address."""
    if kind in ("cell", "position"):
        return "compare", {"cell": "/".join(rest[:2])}
    if kind == "assessment" and len(rest) > 1 and rest[1].startswith("jurisdiction."):
        return "jurisdiction", {"state": rest[0], "criterion": rest[1]}
    if kind in _PARTS and _STATE.fullmatch(rest[0]):
        return "state", {"state": rest[0], "part": _PARTS[kind]}
    if kind == "participation" and _STATE.fullmatch(rest[-1]):
        return "state", {"state": rest[-1], "part": "standing"}
    return ("case", {"case": rest[0]}) if kind in _OF_A_CASE else None


def href(page: str, parameters: Mapping[str, str]) -> str:
    """Return the address of a page with parameters, relative to the dashboard."""
    return f"{page}?{urlencode(parameters)}" if parameters else page
