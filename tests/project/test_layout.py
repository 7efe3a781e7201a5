"""The repository keeps its promises: nothing of one machine in it, everything pinned, every page in step.

These tests read files and run nothing of the package.
"""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# Written in pieces, so that this file does not contain what it looks for.
_REGISTRIES = ("files.python" + "hosted", "pypi" + ".org", "registry.npm" + "js", "deb.deb" + "ian")
_FOLDERS = ("work", "root", "tmp", "farm", "home/[a-z]+", "opt/[a-z]+")
_OF_ONE_MACHINE = re.compile(
    "|".join(re.escape(registry) for registry in _REGISTRIES)
    + "|"
    # A folder at the top of a disk; the path of a web address has a host before it.
    + rf"(?<![\w./%-])/(?:{'|'.join(_FOLDERS)})/"
)


def tracked_files():
    """Return the files that are tracked or would be, or skip where there is no checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: nothing says which files belong to the repository")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path):
    """Return the text of a file, or nothing for a binary one."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def requirements():
    """Return the names of the direct dependencies, run time and development."""
    project = PYPROJECT["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return sorted({re.match(r"[\w.-]+", requirement)[0] for requirement in listed})


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned():
    """Return name -> entry of every distribution in the lock."""
    entries = re.split(
        r"^(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", LOCK, flags=re.MULTILINE), flags=re.MULTILINE
    )
    return {normalized(entry.split("==")[0]): entry for entry in entries if entry.strip()}


def test_no_file_carries_a_registry_address_or_a_path_of_one_machine():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if _OF_ONE_MACHINE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ["see /" + "work/x", "'/" + "root/.config'", "a = pypi" + ".org", "(/" + "tmp/x)"]
)
def test_the_search_for_machine_paths_finds_them(line):
    """A misspelt pattern finds nothing, and would pass for ever."""
    assert _OF_ONE_MACHINE.search(line)


@pytest.mark.parametrize(
    "line",
    ["https://www.coe.int/" + "work/x", "docs/" + "work/x", "id/" + "root/x", "//" + "tmp.example/x"],
)
def test_the_search_for_machine_paths_leaves_web_addresses_alone(line):
    assert not _OF_ONE_MACHINE.search(line)


def test_no_file_is_large():
    """What a build makes stays out: a reviewer reads what is tracked."""
    large = [str(path.relative_to(ROOT)) for path in tracked_files() if path.stat().st_size > 2_000_000]
    assert large == []


def test_the_lock_pins_every_distribution_with_hashes():
    unpinned = [
        name
        for name, entry in pinned().items()
        if not re.match(r"\S+==\S+ (?:; [^\\\n]+ )?\\\n    --hash=sha256:[0-9a-f]{64}\b", entry)
    ]
    assert unpinned == []


def test_the_lock_names_no_address():
    assert not re.search(r"://|^-|file:|--(index|extra-index|find-links|trusted)", LOCK, flags=re.MULTILINE)


@pytest.mark.parametrize("name", requirements())
def test_the_lock_holds_each_direct_dependency(name):
    assert normalized(name) in pinned()


@pytest.mark.parametrize("name", requirements())
def test_a_decision_says_why_each_dependency_is_there(name):
    decisions = "\n".join(text_of(path) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", decisions, flags=re.IGNORECASE)


def test_decisions_are_numbered_without_gaps_and_say_context_choice_and_consequence():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:3] for page in pages] == [f"{number:03}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = text_of(page)
        assert text.startswith(f"# {page.name[:3]}: ")
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Choice", "Consequence"], (
            page.name
        )


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "lint", "build", "clean", "help"])
def test_make_has_the_target_and_help_lists_it(target):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:.*## \S", makefile, flags=re.MULTILINE)


def test_ci_runs_lint_and_tests_and_lets_no_browser_test_skip():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = text_of(script)
    assert text.index("make lint") < text.rindex("make test")
    assert "LANZAROTE_REQUIRE_BROWSER=1" in text
    assert "LANZAROTE_REQUIRE_ENGINES=1" in text


def test_commit_hooks_fetch_nothing():
    hooks = yaml.safe_load(text_of(ROOT / ".pre-commit-config.yaml"))
    assert {repo["repo"] for repo in hooks["repos"]} == {"local"}
    assert {hook["language"] for repo in hooks["repos"] for hook in repo["hooks"]} == {"system"}


def test_every_linter_exception_has_its_reason():
    lint = text_of(ROOT / "pyproject.toml").split("[tool.ruff.lint]")[1].split("[tool.ruff.lint.mccabe]")[0]
    bare = [
        line.strip() for line in lint.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line) and "# " not in line
    ]
    assert bare == []


def test_the_changelog_follows_keep_a_changelog():
    text = text_of(ROOT / "CHANGELOG.md")
    releases = re.findall(r"^## \[(.+?)\](?: - (\S+))?$", text, flags=re.MULTILINE)
    assert releases[0] == ("Unreleased", "")
    assert len(releases) == len(re.findall(r"^## ", text, flags=re.MULTILINE))
    days = [date.fromisoformat(day) for _, day in releases[1:]]
    assert days == sorted(days, reverse=True)
    allowed = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Data and ontology"}
    assert set(re.findall(r"^### (.+)$", text, flags=re.MULTILINE)) <= allowed


def test_the_version_is_the_same_everywhere():
    version = PYPROJECT["project"]["version"]
    package = text_of(ROOT / "lanzarote_atlas" / "__init__.py")
    citation = yaml.safe_load(text_of(ROOT / "CITATION.cff"))
    assert re.search(r"^## \[(\d.*?)\]", text_of(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)[1] == version
    assert re.search(r'^__version__ = "(.+)"$', package, flags=re.MULTILINE)[1] == version
    assert citation["version"] == version
    assert f"version {version} " in text_of(ROOT / "LICENSE-DATA")


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")), ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)", text_of(page))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_an_installed_package_carries_what_it_reads():
    wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["only-include"]) >= {
        "lanzarote_atlas",
        "data",
        "ontology",
        "queries",
        ".streamlit/config.toml",
    }
    for source, target in {**wheel["sources"], **wheel["force-include"]}.items():
        assert target == f"lanzarote_atlas/_project/{source}"
