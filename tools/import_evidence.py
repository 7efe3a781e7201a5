"""Turn researched evidence files into data files of the atlas, ready to be curated by hand.

Evidence arrives as loose facts: a provision in prose, conditions in phrases, a source by name. This
command does the mechanical part of taking them over, the same way for every State: it gives provisions
their addresses, conditions their types, facts their legal stage and citation. The files it writes are
drafts; once curated they are the truth, so an existing file is never overwritten without --force. It
reads nothing but the files it is given and what the output folder already defines.

    python -m tools.import_evidence parties/SWE.yaml --status treaty-201-status.yaml --out data
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.atlas_yaml import Record, dump_file, load, load_records
from tools.evidence_facts import assessments, numbered, participations, reservations, status_sources
from tools.evidence_follow_up import SEARCH_SOURCE, measure, merged, search_record, search_source
from tools.evidence_instruments import instrument_files
from tools.evidence_law import law_records
from tools.evidence_sources import Addresses, citations, clashes, new_sources, with_own_ids


@dataclass
class DataFile:
    """What one data file is to hold."""

    header: str
    records: list[Record] = field(default_factory=list)


Files = dict[str, DataFile]


def state_files(
    evidence: Record, everything: Sequence[Record], status: Sequence[Record], defined: Addresses
) -> Files:
    """The data files of one State's evidence."""
    state, name = evidence["party"], evidence["name"]
    sources = new_sources(evidence, defined) + status_sources(evidence, status, defined)
    return {
        f"sources/{state}.yaml": DataFile(f"Sources on the law of {name}.", sources),
        f"participations/{state}.yaml": DataFile(
            f"{name} under the Lanzarote Convention.", participations(evidence, status)
        ),
        f"reservations/{state}.yaml": DataFile(
            f"Reservations and declarations of {name}.", reservations(evidence)
        ),
        f"assessments/{state}-law.yaml": DataFile(
            f"The position of {name} on the criteria.", assessments(evidence)
        ),
        f"instruments/{state}.yaml": DataFile(
            f"Acts and provisions of {name} that the evidence names.", law_records(everything, state)
        ),
    }


def follow_up_files(evidence: Record, defined: Addresses) -> Files:
    """Measures reported since, and the searches that found none."""
    state, name = evidence["party"], evidence["name"]
    found = [entry for entry in evidence["entries"] if entry["kind"] != "no-evidence-found"]
    missing = [entry for entry in evidence["entries"] if entry["kind"] == "no-evidence-found"]
    sources = new_sources(evidence, defined)
    if missing and SEARCH_SOURCE not in defined:
        sources.append(search_source(evidence))
    measures = numbered([measure(entry, numbers, evidence) for entry, numbers in merged(found)])
    searches = [search_record(entry, numbers, evidence) for entry, numbers in merged(missing)]
    return {
        f"sources/{state}-follow-up.yaml": DataFile(f"Sources on what {name} did since.", sources),
        f"measures/{state}-follow-up.yaml": DataFile(f"What {name} had in law and did since.", measures),
        f"follow-up-searches/{state}.yaml": DataFile(f"Searches for {name} that found nothing.", searches),
    }


def case_files(evidence: Record, defined: Addresses) -> Files:
    """The sources of a case; the case itself is written by hand."""
    header = f"Sources on the case {evidence['name']}."
    return {f"sources/{evidence['case']}.yaml": DataFile(header, new_sources(evidence, defined))}


def convert(
    evidence_files: Sequence[Record], status: Sequence[Record], contents: Record, defined: Addresses
) -> Files:
    """The data files of all evidence files given, in their order."""
    files: Files = {}
    for evidence in evidence_files:
        if "facts" in evidence:
            files |= state_files(evidence, evidence_files, status, defined)
        elif "case" in evidence:
            files |= case_files(evidence, defined)
        elif "party" in evidence:
            files |= follow_up_files(evidence, defined)
        else:
            files["sources/instruments.yaml"] = DataFile(
                "Sources on the Lanzarote Convention and the instruments around it.",
                new_sources(evidence, defined),
            )
            written = instrument_files(evidence, contents, citations)
            files |= {path: DataFile(header, records) for path, (header, records) in written.items()}
    return files


def defined_sources(out: Path, rewritten: Iterable[str]) -> Addresses:
    """Read which sources the output folder already defines in files that stay as they are."""
    kept = set(out.rglob("*.yaml")) - {out / name for name in rewritten}
    records = (record for path in sorted(kept) for record in load_records(path))
    return {record["id"]: record.get("url") for record in records if record["type"] == "Source"}


def write(files: Files, out: Path, *, force: bool) -> list[str]:
    """Write the files; one that exists stays as it is unless forced. Returns a line a file."""
    report = []
    for name, content in files.items():
        path = out / name
        if not content.records:
            continue
        if path.exists() and not force:
            report.append(f"{name}: exists, left as it is (--force overwrites)")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_file(content.header, content.records), encoding="utf-8")
        report.append(f"{name}: {len(content.records)} records")
    return report


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="import_evidence", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "evidence",
        nargs="+",
        type=Path,
        help="evidence files, in the order that decides where a source is defined",
    )
    parser.add_argument("--out", type=Path, required=True, help="the data folder to write to")
    parser.add_argument(
        "--status", type=Path, help="table of signatures, ratifications and entries into force"
    )
    parser.add_argument("--contents", type=Path, help="the Convention's chapters and article titles")
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Run the import; 0 done, 1 faults found in the evidence, 2 wrong use."""
    options = arguments(given)
    evidence_files = [with_own_ids(load(path)) for path in options.evidence]
    status = load(options.status) if options.status else []
    contents = load(options.contents) if options.contents else {"chapters": []}
    names = convert(evidence_files, status, contents, {}) if options.force else ()
    defined = defined_sources(options.out, names)
    report = write(convert(evidence_files, status, contents, defined), options.out, force=options.force)
    faults = clashes(evidence_files, defined)
    sys.stdout.write("".join(f"{line}\n" for line in report))
    sys.stderr.write("".join(f"{line}\n" for line in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
