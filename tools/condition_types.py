"""Give a condition, told in a short phrase, its type and, where it names one, its threshold in years.

States word the same limit in many ways ("also punishable where committed", "an offence under the law of
the place"). Comparison needs one type for all of them; the phrase itself always stays as the note. A
phrase that no rule knows is `other`: an untyped condition is honest, a wrongly typed one is not.
"""

import re
from dataclasses import dataclass

MONTHS_IN_YEAR = 12
NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
TERM = r"(?:\d+|\w+) (?:years?|months?)\b"
OFFENCE = r"(?:punish|offence|crim|penali|unlawful|prohibited)"
SHOWN = r"(?:victim|persons? shown|child shown|depicted persons?|person depicted)"
OFFENDER = (
    r"(?:offender|maker|possessor|accused|perpetrator|recipient|young people|young persons|couple|partners?)"
)

# The first rule that fits decides: what names a term of years is a penalty, whatever else it says of the act.
RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("dual-criminality", (r"^(?:dual|double) criminality",)),
    ("minimum-penalty", (
        rf"{TERM}.*(?:imprison|penalt|prison|custod)",
        rf"(?:imprison|penalt|punishable|prison|prescribes|carr\w+|délit).*{TERM}",
    )),
    ("complaint", (
        r"complain", r"denunciation",
        r"(?:request|report|application) (?:of|by) the (?:victim|injured|aggrieved)",
    )),
    ("prosecutor-consent", (
        r"prosecutor", r"attorney", r"public interest", r"prosecution order", r"minister of justice",
        r"authori[sz]ation", r"consent of (?:the )?(?:dpp|director|minister)",
    )),
    ("dual-criminality", (
        rf"{OFFENCE}.*where (?:it|the act)? ?(?:was |is )?(?:committed|done)",
        rf"{OFFENCE}.*(?:in the state where|in both|\bthere\b)",
        rf"{OFFENCE}.*(?:the place|(?:other|foreign) state|foreign law)",
        rf"{OFFENCE}.*law of the (?:state|country)",
    )),
    ("listed-offence", (
        r"\blisted\b", r"closed list", r"on the list", r"scheduled", r"list of offences",
        r"one of the (?:cases|offences)",
    )),
    ("private-use", (
        r"(?:private|personal|own) use", r"not shared", r"stay private", r"privately",
        r"\b(?:no|not)\b.*disseminat",
    )),
    ("consent-of-person-shown", (r"\bconsent(?:s|ed|ual)?\b", r"\bagrees?\b", r"wishes to have")),
    ("presence", (
        r"\bpresent in\b", r"\bpresence\b", r"found (?:in|on)", r"apprehended", r"arrested", r"\benters\b",
        r"(?:person|suspect|offender) is in", r"in (?:its|the) territory",
    )),
    ("residence", (r"^(?!national).*(?:\bresiden|settled|domicil|living in|permanent stay)",)),
    ("nationality", (r"\bnationals?\b(?! (?:curriculum|contact|law))", r"citizens?\b", r"stateless")),
    ("victim-age", (
        rf"{SHOWN}\b.*(?:\d|teen|\bminor\b|under age)",
        r"child under \d+", r"victim under age",
    )),
    ("offender-age", (
        rf"{OFFENDER}.*(?:\d+|\bage|adult)",
        r"\badult offender", r"close in age", r"equal in age", r"^aged \d+",
        r"no one of \d+", r"^under \d+",
    )),
)  # fmt: skip


@dataclass(frozen=True)
class TypedCondition:
    """A condition's type, the phrase it was told in, and its threshold in years where it has one."""

    kind: str
    note: str
    threshold: float | None = None


def years(phrase: str) -> float | None:
    """Read the first term of years or months in a phrase, in years; None where it names none."""
    found = re.search(rf"\b(\d+|{'|'.join(NUMBER_WORDS)}) (years?|months?)\b", phrase.lower())
    if not found:
        return None
    amount = int(found[1]) if found[1].isdigit() else NUMBER_WORDS.index(found[1])
    if found[2].startswith("month"):
        whole, rest = divmod(amount, MONTHS_IN_YEAR)
        return (amount / MONTHS_IN_YEAR if rest else whole) or None
    return amount or None


def kind_of(phrase: str) -> str:
    """Find the type of a condition told in prose; `other` where no rule fits."""
    for kind, patterns in RULES:
        if kind == "minimum-penalty" and years(phrase) is None:
            continue
        if any(re.search(pattern, phrase, re.IGNORECASE) for pattern in patterns):
            return kind
    return "other"


def type_condition(phrase: str) -> TypedCondition:
    """Type a condition; its phrase, with a capital, is kept as the note."""
    text = phrase.strip().rstrip(",")
    kind = kind_of(text)
    return TypedCondition(
        kind, text[:1].upper() + text[1:], years(text) if kind == "minimum-penalty" else None
    )
