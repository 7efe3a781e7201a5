// The terminals of SPARQL 1.1 (section 19.8 of the recommendation), as far as colours tell them apart.

const FORMS = `BASE PREFIX SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE GROUP BY HAVING ORDER
  ASC DESC LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND AS MINUS UNION FILTER NOT IN EXISTS
  SEPARATOR`;
const FUNCTIONS = `BOUND COUNT GROUP_CONCAT SUM MIN MAX AVG SAMPLE RAND NOW UUID STRUUID BNODE STR LANG LANGMATCHES
  DATATYPE IRI URI ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS
  STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF
  STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE`;

const each = (words, kind) => words.split(/\s+/).map((word) => [word, kind]);
const WORDS = new Map([
  ...each(FORMS, "keyword"),
  ...each(FUNCTIONS, "function"),
  ...each("TRUE FALSE", "number"),
]);

const BASE =
  "A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D" +
  "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const FIRST = `${BASE}_`;
const NEXT = `${FIRST}0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040`;
const CODE = "\\\\u[0-9A-Fa-f]{4}|\\\\U[0-9A-Fa-f]{8}";
const ESCAPE = `\\\\[tbnrf\\\\"']|${CODE}`;
const PLX = "%[0-9A-Fa-f]{2}|\\\\[_~.\\-!$&'()*+,;=/?#@%]";
const PREFIX = `(?:[${BASE}](?:[${NEXT}.\\-]*[${NEXT}\\-])?)?:`;
const LOCAL = `(?:[${FIRST}0-9:]|${PLX})(?:(?:[${NEXT}.:\\-]|${PLX})*(?:[${NEXT}:\\-]|${PLX}))?`;

// In this order, the first that fits is taken: a string that does not end is a fault to the end of its line.
const TERMINALS = [
  ["space", "[ \\t\\r\\n]+"],
  ["comment", "#[^\\r\\n]*"],
  ["literal", `"""(?:"{0,2}(?:[^"\\\\]|${ESCAPE}))*"""|'''(?:'{0,2}(?:[^'\\\\]|${ESCAPE}))*'''`],
  ["error", `"""[^]*|'''[^]*`],
  ["literal", `"(?:[^"\\\\\\r\\n]|${ESCAPE})*"|'(?:[^'\\\\\\r\\n]|${ESCAPE})*'|@[A-Za-z]+(?:-[A-Za-z0-9]+)*`],
  ["error", `["'][^\\r\\n]*`],
  ["iri", `<(?:[^<>"{}|^\`\\\\\\x00-\\x20]|${CODE})*>`],
  ["variable", `[?$][${FIRST}0-9][${FIRST}0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`],
  ["variable", `_:[${FIRST}0-9](?:[${NEXT}.\\-]*[${NEXT}\\-])?`],
  ["prefixed", `${PREFIX}(?:${LOCAL})?`],
  ["number", "(?:[0-9]+\\.[0-9]*|\\.[0-9]+|[0-9]+)[eE][+\\-]?[0-9]+|[0-9]*\\.[0-9]+|[0-9]+"],
  ["word", `[${FIRST}][${NEXT}]*`],
  ["sign", "\\^\\^|&&|\\|\\||[<>!]=|[{}()\\[\\].,;*/|^!=<>+\\-?]"],
  ["error", "[^]"],
].map(([kind, pattern]) => [kind, new RegExp(pattern, "uy")]);

/** Return the text as tokens, [kind, text], that joined are the text again. */
function tokens(text) {
  const found = [];
  for (let at = 0; at < text.length; ) {
    const [kind, part] = next(text, at);
    found.push([kind, part]);
    at += part.length;
  }
  return found;
}

function next(text, at) {
  for (const [kind, pattern] of TERMINALS) {
    pattern.lastIndex = at;
    const part = pattern.exec(text)?.[0];
    if (part) return [kind === "word" ? kindOf(part) : kind, part];
  }
  return ["error", text.slice(at)];
}

function kindOf(word) {
  return word === "a" ? "keyword" : (WORDS.get(word.toUpperCase()) ?? "error");
}

/** Return the tokens line by line; one that spans lines stands in each. */
function linesOf(text) {
  const lines = [[]];
  for (const [kind, part] of tokens(text)) {
    part.split("\n").forEach((piece, place) => {
      if (place > 0) lines.push([]);
      if (piece) lines.at(-1).push([kind, piece]);
    });
  }
  return lines;
}
