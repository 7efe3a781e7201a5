"""Turn a provision as lawyers cite it into addresses of provisions.

Evidence names provisions in prose: "Criminal Code (Straffeloven) §§ 226, 227(1), 235(1)". The atlas needs
one address a provision (DNK/straffeloven/227/1). This module knows the grammar of such citations and the
acts that have a settled address; it never guesses an article that the text does not name.
"""

import re
from dataclasses import dataclass, replace

LONGEST_RANGE = 40
LETTERED_STEP = 100
NORDIC = str.maketrans({"æ": "ae", "ø": "o", "å": "aa", "ð": "d", "þ": "th", "ß": "ss"})
SUPERSCRIPTS = str.maketrans({"¹": "-1", "²": "-2", "³": "-3"})
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")


@dataclass(frozen=True)
class Act:
    """A statute or treaty as cited: its address, English name, own name and abbreviation."""

    instrument: str
    title: str
    native: str | None = None
    short: str | None = None
    unit: str = "§"
    prefix: str = ""

    @property
    def is_bill(self) -> bool:
        """A Danish bill is cited by its number in the session."""
        return re.search(r"/l-\d+(-[a-z])?(-\d{4}-\d{2})?$", self.instrument) is not None


@dataclass(frozen=True)
class Reference:
    """An act, and the place in it; no path means the act as a whole.

    `chaptered`: sections start again in every chapter, so the path begins with the chapter's number.
    """

    act: Act
    path: tuple[str, ...] = ()
    chaptered: bool = False

    @property
    def id(self) -> str:
        """The address that the atlas gives this provision."""
        return "/".join((self.act.instrument, *self.path))


DANISH_ACTS = {
    "straffeloven": ("straffeloven", "Criminal Code", "Straffeloven"),
    "criminal code": ("straffeloven", "Criminal Code", "Straffeloven"),
    "retsplejeloven": ("retsplejeloven", "Administration of Justice Act", "Retsplejeloven"),
    "administration of justice act": ("retsplejeloven", "Administration of Justice Act", "Retsplejeloven"),
    "serviceloven": ("serviceloven", "Social Services Act", "Serviceloven"),
    "folkeskoleloven": ("folkeskoleloven", "Folkeskole Act", "Folkeskoleloven"),
    "udleveringsloven": ("udleveringsloven", "Extradition Act", "Udleveringsloven"),
    "erstatningsansvarsloven": ("erstatningsansvarsloven", "Damages Act", "Erstatningsansvarsloven"),
    "damages act": ("erstatningsansvarsloven", "Damages Act", "Erstatningsansvarsloven"),
    "act on the general upper-secondary programmes": (
        "lov-om-de-gymnasiale-uddannelser",
        "Act on the general upper-secondary programmes",
        "Lov om de gymnasiale uddannelser",
    ),
}

INTERNATIONAL_ACTS = (
    (r"CETS (No\. )?201", Act("cets-201", "Lanzarote Convention", short="", unit="Article", prefix="art-")),
    (
        r"Budapest Convention|Convention on Cybercrime|CETS No\. 185",
        Act("ets-185", "Convention on Cybercrime", short="ETS 185", unit="Article", prefix="art-"),
    ),
    (
        r"Regulation \(EU\) 2022/2065",
        Act(
            "eu-2022-2065",
            "Digital Services Act",
            short="Regulation (EU) 2022/2065",
            unit="Article",
            prefix="art-",
        ),
    ),
    (r"18 U\.S\.C\.", Act("us-18-usc", "United States Code, Title 18", short="18 U.S.C.", unit="§")),
)

BILL = re.compile(r"\bL (?P<number>\d+)(?P<part> [A-Z]\b)?(?: \((?P<session>\d{4}-\d{2})[^)]*\))?")
BILL_IN_BRACKETS = re.compile(r"\((L \d+(?: [A-Z])?), (\d{4}-\d{2})[^)]*\)")
BILL_BEFORE_ACT = re.compile(r"^[\s,;]*L \d+(?: [A-Z])?(?: \([^)]*\))?, (?=[A-Z])")
MARKER = r"(?:§§?|[Aa]rticles?\b|[Aa]rts?\b\.?|\bss?\.|\b[Ss]ections?\b|\bchs?\.|\bchapters?\b|\bDivision\b)"
NUMBER = (
    r"\d+(?:\^\d+|[¹²³])?[a-zA-Z]{0,6}(?:[.\-/]\d+[a-zA-Z]?(?![a-z]))*"
    r"(?:-(?:bis|ter|quater|undecies|[A-Z])\b)?(?: (?:bis|ter|quater|(?!s\b)[a-zæøå])(?![\w.]))?"
)
SUBDIVISION = r"\((?:\d{1,2}[a-z]{0,3}|[a-z]{1,2}|[ivx]+|[A-Z])[°¹²³]?(?:\^\d)?\)"
ITEM = rf"(?:{NUMBER}(?:{SUBDIVISION})*|(?:{SUBDIVISION})+)(?:\s?[-–]\s?(?:{SUBDIVISION}|{NUMBER}))?"
ITEM += r"(?: nos?\.? \d+[a-z]?(?:(?:, | and )\d+[a-z]?(?![\w(]))*)?"
LIST = re.compile(rf"{ITEM}(?:(?:, | and |, and | to |/){ITEM})*(?: ff\.)?")
PLURAL = {"§§", "arts", "arts.", "Arts", "Arts.", "ss.", "sections", "articles", "chs."}
FOUND = re.compile(rf"(?P<marker>{MARKER})\s?(?={NUMBER})")
LINKING = re.compile(
    r"^(?:[\s,;:()]|(?:and|with|for|in|to|amending|new|as amended by|as replaced by|replaced by|inserted by"
    r"|item added by|added by|derogating from|disapplying|under|note|both)\b)+"
)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ORDINAL = "|".join(ORDINALS)
PARAGRAPHS = re.compile(
    rf",? (?P<listed>(?:{ORDINAL})(?:(?:, | and )(?:{ORDINAL}))*) paragraphs?(?: \((?P<letter>[a-z])\))?"
)
JURISDICTIONS = {"Cth", "Commonwealth", "England and Wales", "Scotland", "Northern Ireland"}


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; Nordic letters keep a readable form."""
    plain = text.lower().translate(NORDIC)
    folded = plain.translate(
        str.maketrans("áàâäãéèêëíìîïóòôöõúùûüýçčćšžřěůńłśď", "aaaaaeeeeiiiiooooouuuuyccc" + "szreunlsd")
    )
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")


def bill(state: str, number: str, part: str | None, session: str | None) -> Act:
    """A bill is known by its number and session, because numbers start again every year."""
    words = ["L", number, *([part.strip()] if part else [])]
    address = slug(" ".join([*words, *([session] if session else [])]))
    name = " ".join(words) + (f" ({session})" if session else "")
    return Act(f"{state}/{address}", name, short=name)


def find_act(text: str, state: str, session: str | None = None) -> Act | None:
    """The act that a citation opens with; None where the text before the marker names none."""
    name = LINKING.sub("", text).strip(" ,;")
    for pattern, act in INTERNATIONAL_ACTS:
        if re.search(pattern, name):
            return act
    if (found := BILL.search(name)) and state == "DNK":
        return bill(state, found["number"], found["part"], found["session"] or session)
    return _national_act(name, state) if name else None


def _national_act(name: str, state: str) -> Act:
    english, native = _names(name)
    for key in (native or "", english):
        if state == "DNK" and (known := DANISH_ACTS.get(key.lower())):
            return Act(f"DNK/{known[0]}", known[1], native=known[2], short=known[1])
    return Act(f"{state}/{slug(native or english)}", english, native=native, short=english)


def _names(name: str) -> tuple[str, str | None]:
    """Split off an act's own name, in brackets at the end; numbers and jurisdictions are not names."""
    bracket = re.search(r"\s*\(([^()]+)\)(?=,|$)", name)
    if not bracket:
        return name.split(",", maxsplit=1)[0].strip(), None
    inner = bracket[1].split(",")[0].strip()
    english = name[: bracket.start()].strip()
    if inner in JURISDICTIONS or re.search(r"^(?:Act|Law|as|text)\b.*\d|^Cth$", inner):
        return f"{english} {inner}" if inner in JURISDICTIONS else english, None
    return english, None if re.search(r"\d", inner) and not re.match(r"[A-Z]+-\d$", inner) else inner


def _segments(number: str) -> tuple[str, ...]:
    tidy = number.replace("^", "-").translate(SUPERSCRIPTS)
    return (re.sub(r"[\s/]+", "-", tidy),)


def _subdivisions(text: str) -> tuple[str, ...]:
    plain = text.translate(SUPERSCRIPTS).replace("^", "-")
    return tuple(re.sub(r"[^\w-]", "", part) for part in re.findall(r"\(([^)]+)\)", plain))


def _between(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= LONGEST_RANGE:
        return [str(number) for number in range(int(first), int(last) + 1)]
    if len(first) == len(last) == 1 and first < last:
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [first, last]


def _split_range(item: str, *, plural: bool) -> tuple[str, str | None]:
    found = re.match(rf"^(.*\))\s?[-–]\s?({SUBDIVISION})$", item)
    if found:
        return found[1], found[2]
    found = re.match(r"^(\d+\.\d+[A-Z]?)[-–](\d+\.\d+[A-Z]?)$", item)
    if found:
        return found[1], found[2]
    found = re.match(r"^(\d+)[-–](\d+)$", item)
    if found and (plural or "–" in item) and int(found[2]) > int(found[1]):
        return found[1], found[2]
    return item, None


def _depth_of(subdivision: str, before: tuple[str, ...]) -> int:
    """Find where a bare subdivision goes: after 7(1)(c), (2) stands beside (1), and (d) beside (c)."""
    alike = [
        depth for depth in range(1, len(before)) if before[depth][0].isdigit() == subdivision[0].isdigit()
    ]
    return alike[-1] if alike else len(before)


def _one_item(item: str, before: tuple[str, ...], *, plural: bool) -> list[tuple[str, ...]]:
    item, _, numbered = item.partition(" no")
    extra = tuple(re.findall(r"\d+[a-z]?", numbered))
    head, last = _split_range(item, plural=plural)
    number = re.match(NUMBER, head)
    given = _subdivisions(head)
    start = _segments(number[0]) if number else before[: _depth_of(given[0], before)]
    path = start + given
    if extra:
        return [(*path, one) for one in extra]
    if last is None:
        return [path]
    end = _subdivisions(last)[0] if last.startswith("(") else last
    return [(*path[:-1], step) for step in _between(path[-1], end)]


def _paths(listed: str, *, plural: bool) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = []
    for item in re.finditer(ITEM, listed.removesuffix(" ff.")):
        paths += _one_item(item[0], paths[-1] if paths else (), plural=plural)
    return paths


def _without_remarks(text: str) -> str:
    """Drop brackets that date or explain a citation, such as (as of 2014); keep those of acts and bills."""
    text = BILL_IN_BRACKETS.sub(r"; \1 (\2)", text)
    return re.sub(
        r"(?<=[\d)a-z]) \((?:as|text|before|bill|former|numbering|wording|version|government)\b[^)]*\)",
        "",
        text,
    )


def parse(text: str | None, state: str, session: str | None = None) -> tuple[Reference, ...]:
    """Find every provision that a citation names, in order, each once.

    `session` is the parliamentary session of the source, for a bill cited by number alone.
    """
    return _Reader(_without_remarks(text), state, session).references() if text else ()


class _Reader:
    """Reads a citation from left to right; the act or chapter named holds until another is named."""

    def __init__(self, text: str, state: str, session: str | None) -> None:
        self.text, self.state, self.session = text, state, session
        self.act: Act | None = None
        self.chapter: tuple[str, ...] = ()
        self.end = 0
        self.marker = ""
        self.found: list[Reference] = []

    def references(self) -> tuple[Reference, ...]:
        for marker in FOUND.finditer(self.text):
            listed = LIST.match(self.text, marker.end())
            if listed and marker.start() >= self.end:
                self._read(marker["marker"], listed[0], self.text[self.end : marker.start()], listed.end())
        rest = self.text[self.end :] if self.end else self.text
        self.found += _whole_acts(rest, self.state, self.session, known=bool(self.found))
        return tuple(dict.fromkeys(self.found))

    def _read(self, marker: str, listed: str, before: str, end: int) -> None:
        named = find_act(self._after_bill(before), self.state, self.session)
        within_article = marker.startswith("§") and self.marker.startswith("art") and not before.strip()
        self.act = named or (None if "amending" in before else self.act)
        self.chapter = () if named else self.chapter
        self.end, self.marker = end, marker
        paths = _paths(listed, plural=marker in PLURAL)
        if self.act is None:
            return
        in_chapter = marker.startswith("ch")
        if in_chapter and re.match(r"\s*(ss?\.|§)", self.text[end:]):
            self.chapter = paths[-1]
        elif within_article:
            self._below_last(paths)
        else:
            self.found += [self._place(self.act, path, in_chapter=in_chapter) for path in paths]
        self._read_paragraphs()

    def _read_paragraphs(self) -> None:
        named = PARAGRAPHS.match(self.text, self.end)
        if named and self.found:
            letter = (named["letter"],) if named["letter"] else ()
            numbers = re.findall(ORDINAL, named["listed"])
            self._below_last([(str(ORDINALS.index(one) + 1), *letter) for one in numbers])
            self.end = named.end()

    def _below_last(self, paths: list[tuple[str, ...]]) -> None:
        last = self.found.pop()
        self.found += [replace(last, path=last.path + path) for path in paths]

    def _place(self, act: Act, path: tuple[str, ...], *, in_chapter: bool) -> Reference:
        if in_chapter:
            return Reference(act, (f"chapter-{path[0]}", *path[1:]))
        if self.chapter:
            return Reference(act, self.chapter + path, chaptered=True)
        return Reference(act, (act.prefix + path[0], *path[1:]))

    def _after_bill(self, before: str) -> str:
        first = BILL_BEFORE_ACT.match(before) if self.state == "DNK" else None
        if not first:
            return before
        self.found += _whole_acts(first[0], self.state, self.session, known=False)
        return before[first.end() :]


def _whole_acts(rest: str, state: str, session: str | None, *, known: bool) -> list[Reference]:
    """Bills cited after the provisions, or an act cited without any provision."""
    found = list(BILL.finditer(rest)) if state == "DNK" else []
    if found:
        return [
            Reference(bill(state, one["number"], one["part"], one["session"] or session)) for one in found
        ]
    if known or not (act := find_act(rest.split(",", maxsplit=1)[0], state, session)):
        return []
    return [Reference(act)]


def ancestors(reference: Reference) -> list[Reference]:
    """The provisions that hold this one, outermost first; the act itself is not one of them."""
    return [replace(reference, path=reference.path[:depth]) for depth in range(1, len(reference.path))]


def cite(reference: Reference) -> str:
    """Cite a provision in English: Criminal Code § 7 a(1)."""
    name = reference.act.title if reference.act.short is None else reference.act.short
    head, *rest = [part.removeprefix(reference.act.prefix) for part in reference.path] or [""]
    if not head:
        return name
    place = f"{reference.act.unit} {spaced(head)}"
    if head.startswith("chapter-"):
        place = f"chapter {head.removeprefix('chapter-')}"
    elif reference.chaptered:
        place = f"ch. {head}" + (f" s. {spaced(rest[0])}" if rest else "")
        rest = rest[1:]
    return " ".join(part for part in (name, place) if part) + "".join(f"({part})" for part in rest)


def spaced(segment: str) -> str:
    """The number of a Danish section carries its letter apart: 264-d is cited as 264 d."""
    return re.sub(r"(?<=\d)-(?=[a-zæøå]$)", " ", segment)


def order_of(segment: str, *, lettered: bool = False) -> int:
    """Place a segment among its siblings: 2 before 10, (a) before (b), (i) before (ii).

    Sections of a code carry letters (7, 7 a, 8): `lettered` leaves room for them after each number.
    """
    plain = segment.removeprefix("art-").removeprefix("chapter-")
    if found := re.match(r"^(\d+)", plain):
        number, rest = int(found[1]), plain[found.end() :].strip("-")
        letter = ord(rest[0].lower()) - ord("a") + 1 if rest[:1].isalpha() else 0
        return number * LETTERED_STEP + letter if lettered else number
    if plain in ROMAN and len(plain) > 1:
        return ROMAN.index(plain) + 1
    return ord(plain[0].lower()) - ord("a") + 1
