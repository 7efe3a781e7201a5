"""The command line: `lanzarote COMMAND`.

Results go to stdout, everything else to stderr. Exit 0: done; 1: faults found or nothing matched; 2: wrong
use. Commands import what they need when they run, so that each starts fast.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lanzarote_atlas import resources, settings
from lanzarote_atlas.errors import AtlasError, FaultsFoundError, StoreError, UsageError
from lanzarote_atlas.ingest.pieces import Kind  # noqa: TC001 - typer reads it when the command is defined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lanzarote_atlas.store import Answer, Store, Table

cli = typer.Typer(
    help="Lanzarote Atlas: how States protect children against online sexual exploitation, compared.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How `lanzarote query` prints an answer."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    TURTLE = "turtle"


class CitationFormat(StrEnum):
    """How `lanzarote cite` prints a citation."""

    TEXT = "text"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    RIS = "ris"


class ScenarioFormat(StrEnum):
    """How `lanzarote scenario` prints an outcome."""

    TEXT = "text"
    JSON = "json"


class ChangesFormat(StrEnum):
    """How `lanzarote diff` prints changes."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


DataFolder = Annotated[
    Path | None, typer.Option("--data", help="Folder with the YAML files.", show_default="the project's")
]
DataFile = Annotated[Path | None, typer.Argument(help="One file of it alone.", show_default="every file")]
StoreFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for builds.", show_default="LANZAROTE_STORE")
]
Endpoint = Annotated[
    str | None, typer.Option("--endpoint", help="SPARQL endpoint to ask instead of the build.")
]


def main() -> None:
    """Run the command line; an AtlasError becomes one message and its exit code."""
    try:
        cli()
    except FaultsFoundError as error:
        print(error, file=sys.stderr)  # noqa: T201
        print(f"{len(error.faults)} faults; nothing was written", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except AtlasError as error:
        print(f"lanzarote: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)


@cli.command()
def build(
    data: DataFolder = None,
    out: StoreFolder = None,
    *,
    steps: Annotated[
        bool, typer.Option("--steps", help="Say each step on a line, for a program that reads along.")
    ] = False,
) -> None:
    """Validate, derive, and write the store, atlas.trig and the search index."""
    from lanzarote_atlas import builds, changes  # noqa: PLC0415
    from lanzarote_atlas.compile import build as builder  # noqa: PLC0415

    folder = out or resources.store_folder()
    before = builds.current(folder)
    with nullcontext(_say) if steps else _progress(builder.STEPS) as note:
        local = resources.local_data_folder()
        outcome = builder.build(_data(data), folder, note, local)
    if outcome.fresh and before and builds.is_whole(before):
        with suppress(StoreError):  # of the build before; the new one stands
            changes.worked_out(before, outcome.build)
    made = outcome.build.manifest
    state = "built" if outcome.fresh else "nothing changed"
    size = f"{made.quads:,} quads in {made.graphs} graphs"
    typer.echo(f"{state}: {size}, {outcome.seconds:.2f} s, build {made.short}")


@cli.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="One file of the data folder.", show_default="all")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Validate the data, or one file of it: one line a fault."""
    from lanzarote_atlas.compile import assemble  # noqa: PLC0415
    from lanzarote_atlas.compile.build import STEPS  # noqa: PLC0415

    folder = _data(data)
    if file:
        folder, file = folder.resolve(), file.resolve()
    if file and not (file.is_file() and file.is_relative_to(folder)):
        message = f"no file {file} in {folder}; name the folder with --data"
        raise UsageError(message)
    with _progress(STEPS[:4]) as note:
        assembled = assemble.assemble(folder, note, file, resources.local_data_folder())
    for fault in sorted(set(assembled.faults)):
        typer.echo(str(fault))
    typer.echo(f"{len(assembled.records)} records, {len(set(assembled.faults))} faults", err=True)
    if assembled.faults:
        raise typer.Exit(1)


@cli.command()
def publish(
    endpoint: Annotated[str, typer.Option("--endpoint", help="SPARQL endpoint of the engine.")],
    graph_store: Annotated[
        str, typer.Option("--graph-store", help="Where it takes graphs.", show_default="from the endpoint")
    ] = "",
) -> None:
    """Load the build into a remote engine; readers see the build before until the new one is whole."""
    from lanzarote_atlas import builds  # noqa: PLC0415
    from lanzarote_atlas import publish as publisher  # noqa: PLC0415

    build = builds.required(resources.store_folder())
    with _progress(publisher.STEPS) as note:
        outcome = publisher.publish(build, publisher.Engine.at(endpoint, graph_store), note)
    state = "published" if outcome.sent else "nothing changed"
    size = f"{outcome.triples:,} triples in {outcome.graphs} graphs"
    typer.echo(f"{state}: {size}, {outcome.sent} sent, {outcome.removed} of older builds removed")
    typer.echo(f"default graph: {outcome.publication.address}")


@cli.command()
def query(
    name: Annotated[str, typer.Argument(help="Named query, file ending in .rq, or - for standard input.")],
    parameter: Annotated[list[str] | None, typer.Option("-p", help="name=value, as often as needed.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How the answer is printed.")] = Format.TABLE,
    endpoint: Endpoint = None,
) -> None:
    """Run a named query, a file or standard input."""
    from lanzarote_atlas import store  # noqa: PLC0415

    text = _query_text(name, dict(_parameters(parameter or [])))
    answer = (_guarded(endpoint) if _is_own(name) else _store(endpoint)).query(text)
    printed = _printed(answer, form)
    typer.echo(printed, nl=not printed.endswith("\n"))
    if isinstance(answer, store.Table) and answer.truncated:
        typer.echo(f"only the first {len(answer.rows):,} rows; LANZAROTE_QUERY_ROWS sets the limit", err=True)
    if _is_empty(answer):
        typer.echo("nothing matched", err=True)
        raise typer.Exit(1)


@cli.command()
def queries() -> None:
    """List the named queries with their questions and parameters."""
    from lanzarote_atlas import catalogue  # noqa: PLC0415

    for known in catalogue.queries().values():
        given = " ".join(f"-p {parameter.name}={parameter.default or '…'}" for parameter in known.parameters)
        typer.echo(f"{known.name}  {given}".rstrip())
        typer.echo(f"    {known.question}")


@cli.command()
def search(text: Annotated[str, typer.Argument(help="Words to look for.")]) -> None:
    """Search everything with a label or a summary."""
    from lanzarote_atlas import builds, terms  # noqa: PLC0415
    from lanzarote_atlas import search as index  # noqa: PLC0415

    found = index.find(builds.required(resources.store_folder()).search_index, text)
    if found.read_as:
        typer.echo(f"nothing has these words together; read as: {found.read_as}", err=True)
    for hit in found.hits:
        typer.echo(f"{terms.compact(hit.iri)}  [{hit.kind}] {hit.label}")
        if hit.snippet:
            typer.echo(f"    {hit.snippet}")
    if not found.hits:
        typer.echo("nothing matched", err=True)
        raise typer.Exit(1)


@cli.command()
def cite(
    iri: Annotated[
        str, typer.Argument(help="Address of a thing, or id/KIND/LOCAL, with or without a build.")
    ],
    form: Annotated[CitationFormat, typer.Option("--format", help="Citation format.")] = CitationFormat.TEXT,
) -> None:
    """Print a ready citation of a thing in the atlas."""
    from lanzarote_atlas import builds, citation, permanent_addresses  # noqa: PLC0415
    from lanzarote_atlas.store.embedded import EmbeddedStore  # noqa: PLC0415

    out, (thing, named) = resources.store_folder(), permanent_addresses.split(iri)
    build = builds.find(out, named) if named else builds.required(out)
    data = EmbeddedStore.open(build.store, build.manifest.build_id) if named else _store(None)
    typer.echo(citation.formatted(citation.of_thing(data, thing, build.manifest), form.value))


@cli.command()
def scenario(
    file: Annotated[Path, typer.Argument(help="YAML file with the facts of a case; see docs/scenarios.md.")],
    state: Annotated[str, typer.Option("--state", help="Code of one State: its whole reasoning.")] = "",
    form: Annotated[ScenarioFormat, typer.Option("--format", help="How to print.")] = ScenarioFormat.TEXT,
    endpoint: Endpoint = None,
) -> None:
    """Tell which States may prosecute a cross-border case, on which conditions; no legal advice."""
    from lanzarote_atlas import scenario as scenarios  # noqa: PLC0415
    from lanzarote_atlas.scenario import report  # noqa: PLC0415

    law = scenarios.load(_store(endpoint))
    outcome = scenarios.judge(scenarios.read(file, law), law)
    shown = report.as_json if form is ScenarioFormat.JSON else report.as_text
    typer.echo(shown(outcome, law, state))


@cli.command()
def diff(
    old: Annotated[str, typer.Argument(help="First characters of a build's identifier, or its folder.")],
    new: Annotated[str, typer.Argument(help="The same of the later build, or `current`.")] = "current",
    state: Annotated[str, typer.Option("--state", help="Code of one State.")] = "",
    form: Annotated[ChangesFormat, typer.Option("--format", help="How to print.")] = ChangesFormat.TEXT,
) -> None:
    """Tell what changed in the data between two builds: facts, and gaps opened and answered, by State."""
    from lanzarote_atlas import builds, changes  # noqa: PLC0415

    out = resources.store_folder()
    found = changes.worked_out(builds.find(out, old), builds.find(out, new))
    found = changes.of_state(found, state) if state else found
    printed = changes.formatted(found, form.value)
    if printed:
        typer.echo(printed, nl=not printed.endswith("\n"))
    if not found:
        typer.echo("nothing changed", err=True)
        raise typer.Exit(1)


@cli.command()
def nanopub(
    iri: Annotated[
        str,
        typer.Argument(
            help="Address of a cell, assessment, comparison or scenario, with or without a build."
        ),
    ],
) -> None:
    """Print a cell, assessment, comparison or scenario as a nanopublication, as a build has it."""
    from lanzarote_atlas import nanopublications  # noqa: PLC0415

    found = nanopublications.of_address(resources.store_folder(), iri)
    if found.superseded:
        later = found.superseded_by or "a build that has it no more"
        typer.echo(f"superseded by {later}", err=True)
    typer.echo(found.trig, nl=False)


@cli.command()
def ingest(
    document: Annotated[
        Path, typer.Argument(help="A factsheet or reporting form: text, Markdown, HTML, DOCX, PDF.")
    ],
    state: Annotated[str, typer.Option("--state", help="The State that it is about, ISO 3166-1 alpha-3.")],
    kind: Annotated[
        Kind | None, typer.Option("--kind", help="What it is.", show_default="recognised")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File for the drafts; never over another.", show_default="stdout"),
    ] = None,
    source: Annotated[
        str,
        typer.Option("--source", help="Id of its source record.", show_default="from kind, State and date"),
    ] = "",
) -> None:
    """Turn a document into draft records for review; nothing enters the atlas by it."""
    from lanzarote_atlas.ingest import documents, drafts, output  # noqa: PLC0415
    from lanzarote_atlas.ingest.atlas import Atlas  # noqa: PLC0415

    output.refuse(out)
    atlas = Atlas.read(_data(None), resources.local_data_folder())
    made = documents.take_in(document, state, atlas, kind, source)
    output.write(drafts.as_yaml(made), out)
    typer.echo(output.report(made), err=True)


@cli.command("settings")
def list_settings() -> None:
    """List every setting, its value and what it does."""
    for setting in settings.SETTINGS:
        value = os.environ.get(setting.name) or setting.default or "(empty)"
        shown = "(set)" if "PASSWORD" in setting.name and os.environ.get(setting.name) else value
        typer.echo(f"{setting.name} = {shown}\n    {setting.help}")


@cli.command()
def app(port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 8501) -> None:
    """Open the dashboard in the browser, on this machine only."""
    from lanzarote_atlas import builds  # noqa: PLC0415

    if not settings.current().endpoint:
        builds.required(resources.store_folder())
    page = resources.project() / "app.py"
    options = ("--server.address=127.0.0.1", f"--server.port={port}", "--browser.gatherUsageStats=false")
    command = [sys.executable, "-m", "streamlit", "run", str(page), *options]
    raise typer.Exit(subprocess.call(command, cwd=resources.project()))  # noqa: S603 - our own file, no shell


@cli.command()
def serve(
    store: Annotated[
        Path | None, typer.Option("--store", help="Folder of builds.", show_default="LANZAROTE_STORE")
    ] = None,
    endpoint: Endpoint = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8080,
) -> None:
    """Serve SPARQL 1.1 Protocol, read only, and the atlas's addresses as linked data."""
    from lanzarote_atlas.gateway.serve import serve as run  # noqa: PLC0415

    if store and endpoint:
        message = "--store and --endpoint exclude each other: the service has one origin"
        raise UsageError(message)
    address = "" if store else endpoint or settings.current().endpoint
    typer.echo(f"http://{host}:{port}/sparql", err=True)
    raise typer.Exit(run(store or resources.store_folder(), address, host, port))


def _is_empty(answer: Answer) -> bool:
    from lanzarote_atlas import store  # noqa: PLC0415

    if isinstance(answer, store.Table):
        return not answer.rows
    return not answer.triples if isinstance(answer, store.Triples) else not answer


def _data(given: Path | None) -> Path:
    data = given or resources.project() / "data"
    if not data.exists():
        message = f"no folder {data}"
        raise UsageError(message)
    return data


def _store(endpoint: str | None) -> Store:
    address = endpoint or settings.current().endpoint
    if address:
        from lanzarote_atlas import publication  # noqa: PLC0415

        return publication.opened(address)
    from lanzarote_atlas import builds  # noqa: PLC0415
    from lanzarote_atlas.store.embedded import EmbeddedStore  # noqa: PLC0415

    standing = builds.required(resources.store_folder())
    return EmbeddedStore.open(standing.store, standing.manifest.build_id)


def _guarded(endpoint: str | None) -> Store:
    """Return the store for what is not of the catalogue: it refuses, and ends what runs too long."""
    from lanzarote_atlas import builds  # noqa: PLC0415
    from lanzarote_atlas.store.guarded import GuardedEndpoint, GuardedStore  # noqa: PLC0415

    if endpoint or settings.current().endpoint:
        return GuardedEndpoint(_store(endpoint))
    standing = builds.required(resources.store_folder())
    return GuardedStore(standing.store, standing.manifest.build_id)


def _is_own(name: str) -> bool:
    return name == "-" or name.endswith(".rq")


def _parameters(given: list[str]) -> Iterator[tuple[str, str]]:
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            message = f"-p {pair!r}: expected name=value"
            raise UsageError(message)
        yield name, value


def _query_text(name: str, given: dict[str, str]) -> str:
    from lanzarote_atlas import catalogue  # noqa: PLC0415

    if not _is_own(name):
        return catalogue.find(name).bound(given)
    if name == "-":
        text = _as_text(sys.stdin.buffer.read(), "standard input")
    else:
        path = Path(name)
        if not path.is_file():
            message = f"no query file {name}"
            raise UsageError(message)
        text = _as_text(path.read_bytes(), name)
        if text.startswith("#+"):
            return catalogue.read(path).bound(given)
    if given:
        message = "-p needs a query whose header declares the parameter"
        raise UsageError(message)
    return text


def _as_text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 text"
        raise UsageError(message) from error


def _printed(answer: Answer, form: Format) -> str:
    from lanzarote_atlas import exports, store  # noqa: PLC0415

    if isinstance(answer, store.Triples):
        if form in {Format.CSV, Format.JSON}:
            message = f"{form.value} needs a SELECT or ASK query; this one gives triples: --format turtle"
            raise UsageError(message)
        return exports.as_turtle(answer)
    if form is Format.JSON:
        return exports.as_json(answer)
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if form is Format.TURTLE:
        message = "turtle needs a CONSTRUCT or DESCRIBE query"
        raise UsageError(message)
    return exports.as_csv(answer) if form is Format.CSV else _drawn(answer)


def _drawn(table: Table) -> str:
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from lanzarote_atlas import terms  # noqa: PLC0415

    grid = RichTable(*table.columns, box=box.SIMPLE_HEAD)
    for row in table.dicts():
        grid.add_row(*(Text(terms.compact(value)) for value in row.values()))
    console = Console(width=None if sys.stdout.isatty() else 200)
    with console.capture() as captured:
        console.print(grid)
    return captured.get().rstrip()


def _say(step: str) -> None:
    typer.echo(step, err=True)


class _progress:  # noqa: N801 - reads as a function where it is used
    """A progress bar on stderr; entering gives the function that is told each step."""

    def __init__(self, steps: tuple[str, ...]) -> None:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=len(steps))
        self._steps = steps

    def __enter__(self) -> Callable[[str], None]:
        self._bar.start()
        return lambda step: self._bar.update(self._task, description=step, completed=self._steps.index(step))

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


if __name__ == "__main__":
    main()
