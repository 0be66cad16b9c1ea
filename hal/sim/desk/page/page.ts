/** The page of the desk: follows what happens over server-sent events, and shows it in the language of whoever looks. */
import type { Drawing, Ntp } from "./drawing.ts";
import { recall, store } from "./kept.ts";
import { follow } from "./stream.ts";
import { languageFor } from "./texts/languages.ts";
import { View } from "./view.ts";

const LANGUAGE = "desk-language";

let known: { readonly machines: ReadonlyMap<number, Drawing>; readonly ntp: Ntp } | undefined;
let view = show();

function show(): View {
  const texts = languageFor(recall(LANGUAGE), navigator.languages);
  document.documentElement.lang = texts.tag;
  document.title = texts.title;
  const made = new View({ texts, chooseLanguage });
  document.body.replaceChildren(made.root);
  if (known !== undefined) made.drawAll([...known.machines.values()], known.ntp);
  return made;
}

function chooseLanguage(tag: string): void {
  store(LANGUAGE, tag);
  view = show();
  view.language.focus();
}

follow({
  onDesk: ({ machines, ntp }) => {
    known = { machines: new Map(machines.map((machine) => [machine.number, machine])), ntp };
    view.drawAll(machines, ntp);
  },
  onMachine: (machine) => {
    if (known !== undefined) known = { ...known, machines: new Map(known.machines).set(machine.number, machine) };
    view.draw(machine);
  },
  onTravel: (travel) => view.travel(travel),
  onNtp: (ntp) => {
    if (known !== undefined) known = { ...known, ntp };
    view.drawNtp(ntp);
  },
  onAway: () => view.away(),
});
