/** The foot of the page: keys and shortcuts, and the same from a script. */
import { element } from "./element.ts";
import type { Texts } from "./texts/texts.ts";

export function foot({ shortcuts, shortcutsNote, shortcutRows, script, scriptNote }: Texts, origin: string): HTMLElement {
  const rows = shortcutRows.map(([keys, does]) => element("tr", {}, element("th", { scope: "row" }, keys), element("td", {}, does)));
  return element(
    "footer",
    {},
    element(
      "details",
      { id: "shortcuts" },
      element("summary", {}, shortcuts),
      element("p", {}, shortcutsNote),
      element("table", {}, element("tbody", {}, ...rows)),
    ),
    element(
      "details",
      { id: "api" },
      element("summary", {}, script),
      element("p", {}, `${scriptNote} `, element("code", {}, "hal/sim/desk/DESK.md")),
      element("pre", { tabindex: "0", lang: "en" }, example(origin)),
    ),
  );
}

const example = (origin: string): string => `api=${origin}/api
curl $api/machines
curl -X PUT  $api/machines/1/synchronize -d '{"server": true}'
curl -X POST $api/machines/2/keys        -d '{"keys": ["settings", "down", "down", "ok"]}'
curl -X POST $api/machines/2/power       -d '{"action": "pull-plug"}'
curl -X POST $api/machines/2/address-book?format=csv --data-binary @book.csv
curl -N $api/events`;
