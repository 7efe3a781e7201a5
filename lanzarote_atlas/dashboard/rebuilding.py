"""The atlas built anew from a page: in a process of its own, one at a time, told step by step.

The page never builds. The process is the command line's `build`: it adopts a new build whole, or leaves the
last good one in place and says its faults, which are kept here for whoever looks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import builds, resources
from lanzarote_atlas.compile.build import STEPS
from lanzarote_atlas.dashboard import desk, draft_list, draft_view, html, parts, reviewers, store
from lanzarote_atlas.dashboard.html import element, facts
from lanzarote_atlas.dashboard.text import listed, number, plain, sentence
from lanzarote_atlas.ingest.review import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lanzarote_atlas.ingest.review import Decision

_MOST_LINES = 500
_COMMAND = (sys.executable, "-P", "-m", "lanzarote_atlas", "build", "--steps")


@dataclass
class Rebuilding:
    """The one build that this dashboard makes, or made last."""

    running: bool = False
    failed: bool = False
    step: str = ""
    said: str = ""
    """The last line that the build said: of one that succeeded, what came of it."""
    faults: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_LINES))
    """What a build that failed said."""
    began: float = 0.0
    left: str = ""
    """The identifier of the build that was the current one when this ended; empty where there was none."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    def start(self, command: Sequence[str] = _COMMAND) -> None:
        """Begin to build, unless a build runs."""
        with self._lock:
            if self.running:
                return
            self.running, self.failed, self.step, self.said = True, False, "", ""
            self.faults.clear()
            self.began = time.monotonic()
        Thread(target=self._follow, args=(tuple(command),), daemon=True).start()

    @property
    def place(self) -> int:
        """How many steps are done."""
        return STEPS.index(self.step) if self.step in STEPS else 0

    @property
    def seconds(self) -> int:
        """How long the build has run."""
        return int(time.monotonic() - self.began)

    def _follow(self, command: tuple[str, ...]) -> None:
        code, why = 1, "the build broke off; the dashboard's own output says why"
        try:
            code, why = self._run(command), ""
        except OSError as error:
            why = f"the build could not be started: {error.strerror or error}"
        finally:
            if why:
                self.faults.append(why)
            self.failed, self.left = code != 0, _current_build()
            self.running = False

    def _run(self, command: tuple[str, ...]) -> int:
        paths = [str(resources.PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
        own = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}
        with subprocess.Popen(  # noqa: S603 - our own command, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | own,
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                self._hear(line.rstrip())
        return process.returncode

    def _hear(self, line: str) -> None:
        if line in STEPS:
            self.step = line
        elif line:
            self.said = line
            self.faults.append(line)


def _current_build() -> str:
    """Return the identifier of the current build as it stands now; empty where there is none."""
    found = builds.current(resources.store_folder())
    return found.manifest.build_id if found else ""


@st.cache_resource(show_spinner=False)
def current() -> Rebuilding:
    """Return the rebuilding that all sessions of this dashboard share."""
    return Rebuilding()


# --- on the page


def draw() -> None:
    """Draw what was decided so far, whether the atlas holds it, and the way to build it anew."""
    st.divider()
    st.header("Into the atlas", anchor=False)
    _decisions()
    if store.origin().is_endpoint:
        st.markdown(
            "An endpoint answers here. To bring it what was accepted, run `lanzarote build` and publish it."
        )
        return
    job = current()
    if job.running:
        st.fragment(_progress, run_every=1.0)()
        return
    _outcome(job)
    built = desk.is_built()
    st.markdown(
        "Every accepted record is in the atlas."
        if built
        else "What was accepted since the last build enters the atlas’s pages with the next one: built here, "
        "or by `lanzarote build`. Should it find faults, the last good build stays."
    )
    st.button("Rebuild the atlas", on_click=_start, icon=":material/construction:", disabled=built)


def _start() -> None:
    """Begin to build. Who may review is asked again: the page may be an old one."""
    if reviewers.present().allowed:
        current().start()


def _progress() -> None:
    """Draw how far the build is; when it has ended the whole page is drawn anew."""
    job = current()
    if not job.running:
        st.rerun()
    step = f"Step {job.place + 1} of {len(STEPS)}: {job.step or 'starting'}, {job.seconds} s"
    st.markdown(f":material/construction: **Building the atlas.** {plain(step)}")
    st.progress(job.place / len(STEPS))
    parts.small("You can go on reviewing; what you accept from now on enters with the build after this one.")


def _outcome(job: Rebuilding) -> None:
    """Say how the last build of this dashboard ended, with its faults, until another build is adopted."""
    if job.left != _current_build():
        return
    if job.failed:
        st.error(
            f"**The atlas was not rebuilt.** The last good build stays.\n\n{listed(map(plain, job.faults))}",
            icon=":material/error:",
        )
    elif job.said:
        built = job.said.removeprefix("built: ")
        told = f"The atlas was rebuilt: {built}" if built != job.said else sentence(job.said)
        st.success(f"{plain(told)}.", icon=":material/check:")
        given = desk.handed_in()
        if given:
            name = desk.states().get(given.state, given.state)
            parts.link(
                f"{plain(name)} in the atlas",
                "state",
                icon=":material/arrow_forward:",
                state=given.state,
                build=None,
            )


def _decisions() -> None:
    every = desk.decisions()
    if not every:
        st.markdown("Nothing was decided yet.")
        return
    counts = Counter("rejected" if one.action is Action.REJECTED else "accepted" for one in every)
    told = ", ".join(f"{number(str(many))} {action}" for action, many in sorted(counts.items()))
    folded = st.expander(f"All decisions so far: {told}", key="review.decisions", on_change="rerun")
    if folded.open:
        with folded:
            _table(every[::-1])


def _table(every: Sequence[Decision]) -> None:
    """Draw the last decisions, newest first."""
    shown = every[: parts.ROWS]
    rows = [
        element(
            "tr",
            element("th", f"{draft_list.kind(one.type)} {one.id}", scope="row"),
            *(element("td", said) for said in (one.action.value, one.by, draft_view.when(one), one.reason)),
        )
        for one in shown
    ]
    head = [element("th", one, scope="col") for one in ("Draft", "Decision", "By", "On", "Reason")]
    caption = f"The last {len(shown)} of {number(str(len(every)))} decisions"
    st.html(html.table(caption, head, [element("tbody", *rows)]))
    journal = (resources.local_data_folder() / "reviews.jsonl").as_posix()
    st.html(facts({"All are in": journal}))
