import test from "ava";
import { screenOf } from "../../build/panel/desk-line.ts";
import { renderAnsi } from "../../hal/parts/render-ansi.ts";
import { renderText } from "../../hal/parts/render-text.ts";
import { readTerminal, type TerminalEvent } from "../../hal/parts/terminal-keys.ts";

const said = (events: readonly TerminalEvent[]): string =>
  events.map((event) => (event.kind === "key" ? event.key : event.kind === "text" ? `"${event.text}"` : event.kind)).join(" ");

const TABLE: readonly (readonly [what: string, input: string, typing: boolean, events: string])[] = [
  ["arrows of xterm and of its other mode", "\u001b[A\u001b[B\u001bOC\u001bOD", false, "up down right left"],
  ["function keys of xterm, VT220 and the Linux console", "\u001bOP\u001b[12~\u001b[[C\u001bOS", false, "soft1 soft2 soft3 soft4"],
  [
    "hard keys",
    "\u001b[15~\u001b[17~\u001b[18~\u001b[19~\u001b[20~\u001b[21~\u001b[23~\u001b[24~\u001b[3~",
    false,
    "home settings status id start stop reset energy-saver clear",
  ],
  ["Enter, Backspace", "\r\n\u007f\b", false, "ok ok clear clear"],
  ["digits are keys", "12*#", false, "1 2 * #"],
  ["digits are text while a field is there", "1*", true, '"1" "*"'],
  ["letters are text, of any script", "aé日😀", false, '"a" "é" "日" "😀"'],
  ["a paste comes at once", "\u001b[200~10.0.0.7\u001b[201~x", true, '"10.0.0.7" "x"'],
  ["ESC is Back, also before a letter", "\u001b\u001b[Aa", false, 'back up "a"'],
  ["a sequence without meaning is no text", "\u001b[5~\u001b[1;5Cx", false, '"x"'],
  ["Ctrl-C and Ctrl-D leave, Ctrl-L draws again, other controls are nothing", "\u0003\u0004\u000c\u0001\t", false, "quit quit redraw"],
];

for (const [what, input, typing, events] of TABLE) {
  test(`terminal keys: ${what}`, (t) => {
    t.is(said(readTerminal(input, { typing, ended: true }).events), events);
  });
  test(`terminal keys, cut in two anywhere: ${what}`, (t) => {
    for (const [at] of [...input].entries()) {
      const [first, second] = [[...input].slice(0, at).join(""), [...input].slice(at).join("")];
      const begun = readTerminal(first, { typing, ended: false });
      t.is(said([...begun.events, ...readTerminal(begun.rest + second, { typing, ended: true }).events]), events);
    }
  });
}

test("a single ESC waits for what may follow, and is Back when nothing does", (t) => {
  t.deepEqual(readTerminal("\u001b", { typing: false, ended: false }), { events: [], rest: "\u001b" });
  t.deepEqual(readTerminal("\u001b", { typing: false, ended: true }), { events: [{ kind: "key", key: "back" }], rest: "" });
});

test("text of others does not control the terminal", (t) => {
  const [page = []] = renderText(
    {
      ...{ kind: "list", title: "Bad \u001b[2J\u0007", selected: 0, field: undefined, softKeys: ["", "", "", ""], status: "\u009b31m" },
      rows: [{ text: "\u001b]0;x\u0007", enabled: true }],
    },
    { columns: 20, rows: 4 },
  );
  const drawn = renderAnsi(page, ["\u001b[2J"]);
  t.false(drawn.includes("\u001b[2J") || drawn.includes("\u001b]") || drawn.includes("\u0007") || drawn.includes("\u009b"));
});

test("a page is framed, and the selected row is inverse", (t) => {
  const [page = []] = renderText(
    {
      kind: "menu",
      title: "設定",
      rows: [{ text: "One", enabled: true }],
      selected: 0,
      field: undefined,
      softKeys: ["", "", "", ""],
      status: "",
    },
    { columns: 16, rows: 3 },
  );
  const lines = renderAnsi(page, []).split("\r\n");
  t.is(lines[0], "\u001b[H┌────────────────┐\u001b[K");
  t.is(lines[2], "│\u001b[7m>One            \u001b[0m│\u001b[K");
  const inverted = renderAnsi(page, [], true).split("\r\n");
  t.is(inverted[1], "│\u001b[1;7m設定            \u001b[0m│\u001b[K");
  t.is(inverted[2], "│\u001b[0m>One            \u001b[0m│\u001b[K");
});

test("the terminal shows a message as one, whole above its answer, and in the user's colours", (t) => {
  const rows = [
    { text: "Something happened that takes more than a line to be told.", enabled: true },
    { text: "OK", enabled: true },
  ];
  const view = { title: "Please note", lines: [], selected: 1, softKeys: ["OK"], status: "" };
  const screen = screenOf({ number: 1, lit: true, kind: "message", inverted: true, rows, field: null, screen: view });
  t.like(screen, { kind: "message", inverted: true, selected: 1 });
  const said = renderText(screen, { columns: 20, rows: 6 }).flatMap((page) => page.map(({ text }) => text.trim()));
  for (const word of rows[0]?.text.split(" ") ?? []) t.true(said.join(" ").includes(word), word);
  const dark = screenOf({
    number: 1,
    lit: false,
    kind: "message",
    inverted: false,
    rows: [],
    field: null,
    screen: { ...view, lines: ["Off."] },
  });
  t.deepEqual([dark.rows, dark.inverted], [[{ text: "Off.", enabled: true }], undefined]);
});
