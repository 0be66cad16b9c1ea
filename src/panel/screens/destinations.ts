/** Destinations of a job are chosen out of the address lists; what is chosen is a copy. */
import { ADMINISTRATOR_LIST } from "../../import-export/address-columns.ts";
import { LIMITS } from "../../model/limits.ts";
import { COMMON } from "../../model/owner.ts";
import { chosenDestinations, type DestinationCopy, destinationsText, nameOfDestination } from "../chosen-destinations.ts";
import { copiesOf, fresh } from "../destination-copy.ts";
import { greyed, type Page, type PageRow, says, shown, type Then } from "../page.ts";
import type { Address } from "../personal-data.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import { addressText, found, searchRow, visible } from "./address-list.ts";

export function destinationsPage(state: PanelState, chosen: string): Page {
  const texts = textsOf(state);
  const destinations = chosenDestinations(chosen);
  const wanted = (topFrame(state).values.search ?? "").trim();
  const rows: PageRow[] = reachable(state, wanted).map(({ key, address, copies }) => {
    const more = fresh(copies, destinations);
    const full = destinations.length + more.length > LIMITS.jobDestinationsMax ? "destinations-full" : undefined;
    return greyed({ key, text: addressText(address, texts), act: chosenAre([...destinations, ...more]) }, full);
  });
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
      searchRow(texts.address.search),
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

interface Reachable {
  readonly key: string;
  readonly address: Address;
  readonly copies: readonly DestinationCopy[];
}

/** Mine, my groups' and everyone's; the administrators' own list shows to administrators. A group without members is none. */
function reachable(state: PanelState, wanted: string): readonly Reachable[] {
  const { user } = state;
  const owners = user === undefined ? [COMMON] : [user.owner, ...user.groups, COMMON];
  return owners.flatMap((owner) => {
    const { addresses } = dataOf(state, owner);
    const mine = addresses.filter(({ list }) => user?.administrator === true || owner !== COMMON || list !== ADMINISTRATOR_LIST);
    return found(visible(state, mine, wanted), wanted)
      .map((address) => ({ key: `${owner}/${address.key}`, address, copies: copiesOf(address, addresses) }))
      .filter(({ copies }) => copies.length > 0);
  });
}
