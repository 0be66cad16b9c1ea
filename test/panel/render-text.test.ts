import test from "ava";
import { renderText, type TextPage } from "../../hal/parts/render-text.ts";
import { padded, shortened, textWidth, wrapped } from "../../hal/parts/text-width.ts";
import type { Screen } from "../../src/model/screen.ts";
import { SIZES, unreadable } from "./readable.ts";

const SMALL = { columns: 20, rows: 4 };
const LARGE = { columns: 40, rows: 12 };

const screen = (change: Partial<Screen>): Screen => ({
  ...{ kind: "list", title: "Title", rows: [], selected: undefined, field: undefined, softKeys: ["", "", "", ""], status: "" },
  ...change,
});
const rows = (...texts: string[]) => texts.map((text) => ({ text, enabled: true }));
const drawn = (pages: readonly TextPage[]) => pages.map((page) => page.map(({ text }) => text.trimEnd()));

const WIDTHS: readonly (readonly [text: string, cells: number])[] = [
  ["", 0],
  ["abc", 3],
  ["Müller", 6],
  ["Mu\u0308ller", 6],
  ["日本語", 6],
  ["カスタム設定の同期（サーバー）", 30],
  ["ｱｲｳ", 3],
  ["ＡＢＣ", 6],
  ["한국어", 6],
  ["😀", 2],
  ["👩‍👩‍👧", 2],
  ["…", 1],
  ["か\u3099", 2],
  ["« ok »", 6],
];

for (const [text, cells] of WIDTHS) test(`"${text}" takes ${cells} cells`, (t) => t.is(textWidth(text), cells));

const WRAPS: readonly (readonly [text: string, cells: number, lines: readonly string[]])[] = [
  ["", 5, [""]],
  ["one two three", 7, ["one two", "three"]],
  ["one  two", 3, ["one", "two"]],
  ["incomprehensible it is", 8, ["incompre", "hensible", "it is"]],
  ["本機を再起動します。", 8, ["本機を再", "起動しま", "す。"]],
  ["設定です。", 8, ["設定で", "す。"]],
  ["（サーバー）", 6, ["（サー", "バー）"]],
  ["IPアドレス", 4, ["IPア", "ドレ", "ス"]],
  ["Est-ce\u00a0lui\u00a0?", 8, ["Est-ce\u00a0l", "ui\u00a0?"]],
];

for (const [text, cells, lines] of WRAPS) test(`"${text}" in lines of ${cells}`, (t) => t.deepEqual(wrapped(text, cells), lines));

test("a shortened text ends with an ellipsis, and never with half of a wide character", (t) => {
  t.is(shortened("abcdef", 6), "abcdef");
  t.is(shortened("abcdefg", 6), "abcde…");
  t.is(shortened("日本語版", 6), "日本…");
  t.is(padded("日本", 6), "日本  ");
});

test("a list on 20x4: title with the place, two rows, soft keys and status by turns", (t) => {
  const list = screen({
    title: "Machines",
    rows: rows("MFP-1", "MFP-2", "MFP-3", "MFP-4"),
    selected: 2,
    softKeys: ["Add", "", "", "Back"],
    status: "Up to date",
  });
  t.deepEqual(drawn(renderText(list, SMALL)), [
    ["Machines         3/4", ">MFP-3", " MFP-4", "F1:Add F4:Back"],
    ["Machines         3/4", ">MFP-3", " MFP-4", "Up to date"],
  ]);
});

test("a greyed row stands in brackets, and what a row has no room for is read by selecting it", (t) => {
  const list = (selected: number, status = "") =>
    screen({ rows: [{ text: "Synchronize Custom Settings", enabled: false, why: "No." }, ...rows("Short")], selected, status });
  t.deepEqual(drawn(renderText(list(1), SMALL)), [["Title", " (Synchronize", "  Custom Settings)", ">Short"]]);
  t.deepEqual(drawn(renderText(list(1, "Up to date"), SMALL)), [["Title            2/2", " (Synchronize Custo…", ">Short", "Up to date"]]);
  t.deepEqual(drawn(renderText(list(0), SMALL)), [["Title", ">(Synchronize Custom", " Settings)", " Short"]]);
});

test("the title says how many rows there are as soon as one of them is not whole, also where there are fewer rows than lines", (t) => {
  const long = "Find out which machine has this address. Only if the server was replaced on purpose: stop the client function.";
  const titled = (...texts: string[]) =>
    drawn(renderText(screen({ rows: rows(...texts), selected: 0, status: "Up to date" }), LARGE))[0]?.[0];
  t.is(titled("1 thing to look at", long, long), "Title");
  t.is(titled("1 thing to look at", long, long, long), `Title${" ".repeat(32)}1/4`);
});

const SAID = ["The password is wrong.", "It does not belong to this user.", "Press Back and type it again. Mind capital letters."];

test("what a message says is read without a key: at once where it fits, page by page with its answer below where it does not", (t) => {
  const message = screen({ kind: "message", rows: rows(...SAID, "OK"), selected: 3, softKeys: ["OK", "", "", ""] });
  t.deepEqual(drawn(renderText(message, LARGE))[0]?.slice(0, 6), [
    "Title",
    " The password is wrong.",
    " It does not belong to this user.",
    " Press Back and type it again. Mind",
    "  capital letters.",
    ">OK",
  ]);
  t.deepEqual(
    drawn(renderText(message, SMALL)).map((page) => page.slice(1, 3)),
    [
      [" The password is", ">OK"],
      ["  wrong.", ">OK"],
      [" It does not belong", ">OK"],
      ["  to this user.", ">OK"],
      [" Press Back and", ">OK"],
      ["  type it again.", ">OK"],
      ["  Mind capital", ">OK"],
      ["  letters.", ">OK"],
    ],
  );
});

test("a long row that is not selected is cut only where there is no room, and shows its beginning", (t) => {
  const long = "Does not sleep, because these are operating: printer-2, printer-3, printer-4, printer-5";
  const menu = (selected: number) => screen({ rows: rows("State: Running", long, "Users: 2 of 1000"), selected });
  const whole = [" Does not sleep, because these are", "  operating: printer-2, printer-3,", "  printer-4, printer-5"];
  t.deepEqual(drawn(renderText(menu(0), LARGE))[0]?.slice(1, 6), [">State: Running", ...whole, " Users: 2 of 1000"]);
  const low = { columns: 40, rows: 4 };
  t.deepEqual(drawn(renderText(menu(2), low)), [
    ["Title                                3/3", whole[0], "  operating: printer-2, printer-3, prin…", ">Users: 2 of 1000"],
  ]);
});

test("a row that is longer than the display is read page by page", (t) => {
  const message = screen({
    rows: rows("The machine is not admitted by the server, which has ten machines already."),
    selected: 0,
    status: "1 thing",
  });
  t.deepEqual(drawn(renderText(message, SMALL)), [
    ["Title", ">The machine is not", " admitted by the", "1 thing"],
    ["Title", " server, which has", " ten machines", "1 thing"],
    ["Title", " already.", "", "1 thing"],
  ]);
});

test("the end of what is typed is seen first", (t) => {
  const field = { label: "Name", value: "0123456789012345678901234", secret: false };
  const form = screen({ rows: rows("[a] b c"), selected: 0, field, softKeys: ["Done", "", "", ""] });
  t.deepEqual(drawn(renderText(form, SMALL)), [
    ["Title", ">[a] b c", "01234_", "F1:Done"].map((text) => text),
    ["Title", ">[a] b c", "01234567890123456789", "F1:Done"],
  ]);
});

test("what helps while a text is entered comes by turns where there is no room for it: the arrows select no row then", (t) => {
  const field = { label: "Name", value: "", secret: false };
  const typing = screen({
    rows: rows("[a] b c", "Up/Down: character  Right: take it"),
    selected: 0,
    field,
    softKeys: ["Done", "", "", ""],
  });
  t.deepEqual(drawn(renderText(typing, SMALL)), [
    ["Title", ">[a] b c", "_", "F1:Done"],
    ["Title", ">[a] b c", "_", "Up/Down: character"],
    ["Title", ">[a] b c", "_", "Right: take it"],
  ]);
});

test("40x12 shows soft keys and status at once", (t) => {
  const [page = []] = drawn(
    renderText(screen({ rows: rows("One"), selected: 0, softKeys: ["A", "B", "C", "D"], status: "Up to date" }), LARGE),
  );
  t.deepEqual([page[0], page[1], page[10], page[11]], ["Title", ">One", "F1:A F2:B F3:C F4:D", "Up to date"]);
});

test("long titles, labels, values and states of any script are lost on no display", (t) => {
  const long = ["word ".repeat(40).trim(), "w".repeat(200), "設定の同期（サーバー）。".repeat(12), "👩‍👩‍👧 😀".repeat(30)];
  for (const size of SIZES) {
    for (const text of long) {
      const field = { label: "Label", value: text, secret: false };
      t.deepEqual(
        unreadable(
          screen({ title: text, rows: rows(text, text), selected: 1, softKeys: [text, text, "", text], status: text, field }),
          size,
        ),
        [],
      );
      t.deepEqual(unreadable(screen({ rows: rows(text, text) }), size), []);
    }
  }
});

test("a list of thousands is drawn as fast as a short one", (t) => {
  const long = screen({ rows: rows(...Array.from({ length: 5_000 }, (_, n) => `Entry ${n}`)), selected: 4_999 });
  t.deepEqual(drawn(renderText(long, SMALL)).at(0), ["Title      5000/5000", " Entry 4997", " Entry 4998", ">Entry 4999"]);
});
