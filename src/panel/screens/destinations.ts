/** Destinations of a job are chosen out of the address lists; what is chosen is a copy. */
import { ADMINISTRATOR_LIST } from "../../import-export/address-columns.ts";
import { LIMITS } from "../../model/limits.ts";
import { COMMON } from "../../model/owner.ts";
import { chosenDestinations, copyOf, type DestinationCopy, destinationsText, nameOfDestination } from "../chosen-destinations.ts";
import { greyed, type Page, type PageRow, says, shown, type Then } from "../page.ts";
import { type Address, folded } from "../personal-data.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";

export function destinationsPage(state: PanelState, chosen: string): Page {
  const texts = textsOf(state);
  const destinations = chosenDestinations(chosen);
  const wanted = folded((topFrame(state).values.search ?? "").trim());
  const found = reachable(state).filter((row) => row.address.found.includes(wanted));
  const full = destinations.length >= LIMITS.jobDestinationsMax ? "destinations-full" : undefined;
  const label = texts.address.searchByName;
  const rows: PageRow[] = found.map(({ key, address }) =>
    greyed(
      {
        key,
        text: texts.labelled(shown(address.label, texts.noName), shown(address.detail, "-")),
        act: chosenAre([...destinations, copyOf(address)]),
      },
      full,
    ),
  );
  const taken: PageRow[] = destinations.map((destination, index) => ({
    key: `chosen/${index}`,
    text: texts.own.removeDestination(shown(nameOfDestination(destination), texts.noName)),
    act: chosenAre(destinations.filter((other) => other !== destination)),
  }));
  return {
    kind: "list",
    title: texts.own.chooseDestination,
    rows: [
      ...taken,
      {
        key: "search",
        text: label,
        act: { do: "type" },
        textField: { label, secret: false, starts: "small", charactersMax: LIMITS.panelTextCharactersMax },
      },
      ...(rows.length > 0 ? rows : [says("none", wanted === "" ? texts.own.noAddresses : texts.address.nothingFound)]),
    ],
    first: rows[0]?.key ?? "search",
    typeInto: "search",
    softKeys: [],
  };
}

const chosenAre = (destinations: readonly DestinationCopy[]): Then => ({
  do: "back",
  levels: 1,
  values: { destinations: destinationsText(destinations) },
});

/** Mine, my groups' and everyone's; the administrators' own list shows to administrators. */
function reachable(state: PanelState): { readonly key: string; readonly address: Address }[] {
  const { user } = state;
  const owners = user === undefined ? [COMMON] : [user.owner, ...user.groups, COMMON];
  return owners.flatMap((owner) =>
    dataOf(state, owner)
      .addresses.filter(
        ({ list, type }) => type !== GROUP && (user?.administrator === true || owner !== COMMON || list !== ADMINISTRATOR_LIST),
      )
      .map((address) => ({ key: `${owner}/${address.key}`, address })),
  );
}

/** A group of destinations is no destination: its members are. */
const GROUP = "groupfids";
