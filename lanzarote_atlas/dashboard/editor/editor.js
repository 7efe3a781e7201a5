// A text box whose text shows in colours: the box itself is the browser's own, with its caret, undo and selection,
// and its letters are transparent; over it lies a layer with the same letters, line by line, set as text nodes.
// The two are of one width and height within a frame that scrolls both.

const PAUSE = 600; // milliseconds without a key, after which the text is told to the page
const INDENT = "  ";
const editors = new WeakMap();

/** Draw the box anew with what the page says; called by Streamlit at each run of the page. */
export default function editor({ data, parentElement, setStateValue }) {
  let known = editors.get(parentElement);
  if (!known) {
    known = new Editor(parentElement.querySelector(".atlas-editor"));
    editors.set(parentElement, known);
  }
  known.take(data, setStateValue);
  return () => clearTimeout(known.timer);
}

class Editor {
  constructor(root) {
    this.box = root.querySelector("textarea");
    this.sheet = root.querySelector(".sheet");
    this.layer = root.querySelector(".layer");
    this.message = root.querySelector(".fault");
    this.version = -1;
    this.drawn = [];
    this.box.addEventListener("input", (event) => this.typed(event));
    this.box.addEventListener("blur", () => this.tell());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    // While a line is added the box is still as high as it was, and scrolls by itself.
    this.box.addEventListener("scroll", () => this.box.scrollTo(0, 0));
    root.querySelector(".ask").addEventListener("click", () => this.tell(true));
    this.message.addEventListener("click", () => this.goToFault());
  }

  /** Take what the page says. Its text is set only where the page itself set it anew: else the reader's stays. */
  take(data, setStateValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    if (data.version > this.version) {
      this.version = data.version;
      this.told = data.text;
      clearTimeout(this.timer);
      if (this.box.value !== data.text) this.box.value = data.text;
    }
    this.draw();
    this.say(data.fault);
  }

  typed(event) {
    this.draw();
    if (event.inputType !== "insertText") this.show(this.lineOfCaret());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), PAUSE);
  }

  /** Tell the page the text, where it does not know it, or that it is asked. */
  tell(ask = false) {
    clearTimeout(this.timer);
    const text = this.box.value;
    if (!ask && text === this.told) return;
    this.told = text;
    // The time makes each message another one, so that the same text can be asked twice.
    this.setStateValue("draft", { text, ask, version: this.version, time: Date.now() });
  }

  pressed(event) {
    if (event.isComposing || event.altKey) return;
    const act = this.actionOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  actionOf(event) {
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Enter") {
      if (held) return () => this.tell(true);
      const before = this.box.value.slice(0, this.box.selectionStart);
      const indent = /[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1))[0];
      return indent && !event.shiftKey ? () => this.insert(`\n${indent}`) : null;
    }
    if (held && (event.key === "]" || event.code === "BracketRight"))
      return () => this.indent((line) => INDENT + line);
    if (held && (event.key === "[" || event.code === "BracketLeft"))
      return () => this.indent((line) => line.replace(/^(?:\t| {1,2})/, ""));
    return null;
  }

  /** Put text in place of the selection, as typed: it can be undone. */
  insert(text) {
    // The command is deprecated, and the only one that every browser takes back with Ctrl+Z.
    const typed = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (typed) return;
    this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, "end");
    this.box.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
  }

  /** Change the beginning of every line that the selection touches; it then selects these lines. */
  indent(change) {
    const { value, selectionStart, selectionEnd } = this.box;
    const start = value.slice(0, selectionStart).lastIndexOf("\n") + 1;
    const found = value.indexOf("\n", Math.max(selectionEnd - (selectionEnd > selectionStart ? 1 : 0), start));
    const end = found < 0 ? value.length : found;
    const lines = value.slice(start, end).split("\n");
    const changed = lines.map(change);
    if (changed.join("\n") === lines.join("\n")) return;
    this.box.setSelectionRange(start, end);
    this.insert(changed.join("\n"));
    const caret = Math.max(selectionStart + changed[0].length - lines[0].length, start);
    if (lines.length === 1) this.box.setSelectionRange(caret, caret);
    else this.box.setSelectionRange(start, start + changed.join("\n").length);
  }

  /** Bring the layer in step with the box; only lines that are others than before are made anew. */
  draw() {
    const lines = this.withFault(linesOf(this.box.value));
    const keys = lines.map((line) => line.flat().join("\u0000"));
    const old = this.drawn;
    let first = 0;
    while (first < Math.min(keys.length, old.length) && keys[first] === old[first]) first++;
    let last = 0;
    while (last < Math.min(keys.length, old.length) - first && keys.at(-1 - last) === old.at(-1 - last)) last++;
    const made = document.createDocumentFragment();
    for (const line of lines.slice(first, lines.length - last)) made.append(lineElement(line));
    for (let gone = old.length - first - last; gone > 0; gone--) this.layer.children[first].remove();
    this.layer.insertBefore(made, this.layer.children[first] ?? null);
    this.drawn = keys;
    this.sheet.style.setProperty("--digits", Math.max(String(lines.length).length, 2));
  }

  /** Return the lines with the place of the fault marked, where the page judged the very text of the box. */
  withFault(lines) {
    const { fault, text } = this.data;
    if (!fault || text !== this.box.value || fault.line > lines.length) return lines;
    lines[fault.line - 1] = marked(lines[fault.line - 1], fault.column);
    return lines;
  }

  say(fault) {
    const words = fault ? `Line ${fault.line}, column ${fault.column}: ${fault.message}` : "";
    if (this.message.textContent !== words) this.message.textContent = words;
    this.message.hidden = !fault;
    this.box.setAttribute("aria-invalid", String(Boolean(fault)));
  }

  goToFault() {
    const { line, column } = this.data.fault;
    const lines = this.box.value.split("\n");
    const at = Math.min(line, lines.length) - 1;
    const before = lines.slice(0, at).reduce((sum, text) => sum + text.length + 1, 0);
    const place = before + units(lines[at], column);
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(place, place);
    this.show(at);
  }

  lineOfCaret() {
    return this.box.value.slice(0, this.box.selectionEnd).split("\n").length - 1;
  }

  show(line) {
    this.layer.children[line]?.scrollIntoView({ block: "nearest" });
  }
}

/** Return how many of JavaScript's units stand before a column, which counts characters from 1. */
function units(text, column) {
  return [...text].slice(0, column - 1).join("").length;
}

/** Return a line's tokens with the rest of the token at the column marked, or the place after its end. */
function marked(line, column) {
  const at = units(line.map(([, part]) => part).join(""), column);
  const found = [];
  let start = 0;
  for (const [kind, part] of line) {
    const cut = at - start;
    start += part.length;
    if (cut < 0 || cut >= part.length) found.push([kind, part]);
    else found.push([kind, part.slice(0, cut)], [`${kind} place`, part.slice(cut)]);
  }
  if (at >= start) found.push(["place end", ""]);
  return found.filter(([kind, part]) => part || kind === "place end");
}

function lineElement(line) {
  const made = document.createElement("div");
  made.className = line.some(([kind]) => kind.includes("place")) ? "line faulty" : "line";
  for (const [kind, part] of line) {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = part;
    made.append(span);
  }
  return made;
}
