"""Read evidence and write data files in the one YAML form that curators edit by hand.

The form matters because the files are the truth afterwards: one record a block, citations on one line,
long text folded, dates bare, "yes" and "no" quoted. It reads YAML 1.2 booleans and leaves dates as text,
so that 2018-01 and 2018-01-15 are the same kind of value. It never changes what a value says.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

FOLD_AT = 98  # PyYAML breaks at the first space after it, and records are indented: lines of about 110
FOLD_BEYOND = 80
LONGEST_FLOW_ITEM = 50
FLOW_KEYS = {"citation", "figure"}
PARTIAL_DATE = re.compile(r"^\d{4}(-\d{2})?$")
UNTYPED_TAGS = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}

Record = dict[str, Any]


class Flow(dict[str, Any]):
    """A mapping written on one line."""


class AtlasLoader(yaml.SafeLoader):
    """Reads only true and false as booleans, and dates as text."""


class AtlasDumper(yaml.SafeDumper):
    """Writes folded text, flow citations, bare dates and indented lists."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 (PyYAML's)
        """Indent list items below their key."""
        del indentless
        super().increase_indent(flow, indentless=False)


def _resolvers_without(tags: set[str]) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    return {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in tags]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


AtlasLoader.yaml_implicit_resolvers = _resolvers_without(UNTYPED_TAGS)
AtlasLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
AtlasDumper.yaml_implicit_resolvers = _resolvers_without({"tag:yaml.org,2002:timestamp"})


def _text(dumper: AtlasDumper, value: str) -> yaml.ScalarNode:
    style = None
    if PARTIAL_DATE.match(value):
        style = "'"
    elif len(value) > FOLD_BEYOND and " " in value:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _flow(dumper: AtlasDumper, value: Flow) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _list(dumper: AtlasDumper, value: list[Any]) -> yaml.SequenceNode:
    short = all(isinstance(item, int | str) and len(str(item)) <= LONGEST_FLOW_ITEM for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


AtlasDumper.add_representer(str, _text)
AtlasDumper.add_representer(Flow, _flow)
AtlasDumper.add_representer(list, _list)


def load(path: Path) -> Any:  # noqa: ANN401 (whatever the file holds)
    """Read a YAML file; dates stay text, and only true and false are booleans."""
    return yaml.load(path.read_text(encoding="utf-8"), AtlasLoader)  # noqa: S506 (a SafeLoader subclass)


def load_records(path: Path) -> list[Record]:
    """The records of a data file, whether it holds one or a list."""
    document = load(path)
    records: list[Record] = document.get("records", [document])
    return records


def _in_flow(key: str, value: object) -> object:
    if key not in FLOW_KEYS:
        return value
    if isinstance(value, Mapping):
        return Flow(value)
    return [Flow(item) for item in value] if isinstance(value, list) else value


def dump_record(record: Mapping[str, Any]) -> str:
    """One record as block YAML."""
    shown = {key: _in_flow(key, value) for key, value in record.items()}
    return yaml.dump(shown, Dumper=AtlasDumper, sort_keys=False, allow_unicode=True, width=FOLD_AT)


def _item(record: Mapping[str, Any]) -> str:
    return "  - " + indent(dump_record(record), "    ").removeprefix("    ")


def dump_file(header: str, records: Iterable[Mapping[str, Any]]) -> str:
    """A data file: a comment that says what it holds, then its records, a blank line between two."""
    comment = "".join(f"# {line}\n" for line in header.strip().splitlines())
    return comment + "records:\n" + "\n".join(_item(record) for record in records)
