/**
 * The rules that scenarios are named after: M is what the printers' manuals promise, B goes beyond them, P is the
 * protocol's (src/protocol/PROTOCOL.md says those exactly). `npm run rules` prints them with their scenarios.
 */
export interface Rule {
  readonly id: string;
  readonly sentence: string;
}

const rules = (sentences: Readonly<Record<string, string>>): readonly Rule[] =>
  Object.entries(sentences).map(([id, sentence]) => ({ id, sentence }));

export const RULES: readonly Rule[] = rules({
  M01: "Every machine can be server, client or both; a client-only model refuses to serve.",
  M02: "A fleet has ten machines at most; the next one is refused, and a place is kept until it is given up or taken away.",
  M03: "A server machine that does not take part keeps its own data to itself, and shows none of the fleet's.",
  M04: "A server machine takes part through its own client, which is the first to join.",
  M05: "The server manages 1,000 users at most, groups and common lists not counted, and warns from 900 on.",
  M06: "The server function starts only with a right clock; an answer of a time server is good for seven days.",
  M07: "An administrator works the feature at the panel, under Device Management; nobody else does.",
  M08: "The client function takes effect after a restart of the machine.",
  M09: "The destination is an address or a host name, with port 8443 or none; left empty, the one server on the network is searched for.",
  M10: "Machines whose authentication or group settings differ are refused or put out, and told which of them differs.",
  M11: "Stopping the client leaves the machine's data; stopping the server is announced, and clients go on from their copy.",
  M12: "At a join, what both hold is taken from the server, whole.",
  M13: "At a join, what only the client holds is taken over by the server, whole.",
  M14: "Of several clients with different data, the one whose offer is durable first supplies it.",
  M15: "An owner that the administrator deletes leaves every machine and every history, and only a new join brings it back.",
  M16: "A change on any machine reaches all others, in the scope of its item.",
  M17: "Timeline, default job settings and previous settings are shared or device-specific, as the administrator says; all else is shared.",
  M18: "A scope is changed only while no other machine operates; otherwise those that do are named.",
  M19: "Made device-specific, an item starts from the common data on every machine; made shared, the first machine to connect supplies it.",
  M20: "Device-specific data never leaves its machine, and is gone after a breakdown; shared data comes back.",
  M21: "Destinations inside of settings stay on their machine, also where the settings are shared.",
  M22: "Over the limit of users the one who logged in longest ago leaves the server, whole, in the change that admits the new one.",
  M23: "While the client function is started, import and export are locked; a prepared export is open for fifteen minutes.",
  M24: "While an import or export runs, the client pauses; nothing is lost, and it catches up afterwards.",
  M25: "Where network places are registered in another order, keychains are not synchronised, and the machine is told so.",
  M26: "What a machine does not know or cannot use is kept and passed on by all others, and never overwritten by its defaults.",
  M27: "What a machine cannot take is listed on it and not applied; what it drops for its own limits is no deletion.",
  M28: "A server machine does not sleep fully while another machine operates, and may within one lease after the last.",
  M29: "Its own client does not keep a server machine awake, unless it comes through a proxy.",
  M30: "An import or export keeps the machine from sleeping.",
  M31: "The server machine lists its machines with their state, its users and groups, and the scope of each item.",
  M32: "Each machine has a log of its communication: a Warning where the other side cannot be reached, an Error where a limit or a proof fails.",
  M33: "The server's data can be backed up and restored; every client ends equal to it, and the history has what that undid.",
  M34: "Personal data, address books and group settings can be exported and imported by an administrator; starting a client offers that first.",
  M35: "Whoever logs in at any machine finds the same personal data; what is common is the same for everyone.",
  M36: "Before it starts, a machine tests the way to the server and says which part of it fails.",
  M37: "A connection wakes a server machine from full sleep; until then clients work from their copy.",
  B01: "Before a machine joins, its administrator can see what would be replaced, supplied and kept; looking changes nothing.",
  B02: "What loses is kept in a history on the machine that lost it, and can be put back.",
  B03: "Edits made apart arrive later; the later of two wins everywhere, whatever the clocks say, and deletions do not come back.",
  B04: "Every entry can say who set it, where, when, and why it won.",
  B05: "The panel works on while the server is away, and says whether all is up to date.",
  B06: "A client machine can be made the server in the place of a lost one, which does not serve beside it.",
  B07: "A machine that vanishes without a word stops counting when its lease ends.",
  B08: "Machines prove themselves with keys of their own; secrets are sealed, and never in a log or in the clear.",
  B09: "Fleets can share an external broker.",
  B10: "Whatever the pages offer can be done without a browser as well.",
  P1: "An edit is stamped with journal time when it is made, never before what it had seen.",
  P2: "After a power-off a stamp is uncertain, and no weaker for it.",
  P3: "A stamp from the future is cut; one that wins by knowledge is raised over what it replaces.",
  P4: "Journal time is durable and never goes back.",
  P5: "What had seen what stands wins, then the same author's, then the later.",
  P6: "An edit has a number of its own for ever, and is stored with what its author had seen.",
  P7: "One push is under way; what was decided of an edit is durable with it, until it was heard.",
  P8: "What is accepted of a push is one revision, and every answer names one.",
  P9: "An own edit lies on top until the base shows it or has reached its answer: nobody sees it jump back.",
  P10: "A welcome answers what was decided already, and an edit that is seen twice is applied once.",
  P11: "An entry that was edited meanwhile is not overwritten before that edit is recorded.",
  P12: "Who changes epoch keeps of what it had seen what both epochs have in common.",
  P13: "Nothing is pushed or offered before the base has reached the welcome, nor in another epoch.",
  P14: "What comes from a session that is over changes nothing, and an overtaken hello is ignored.",
  P15: "A beat that is ahead once is no loss; a second one that is still ahead is.",
  P16: "A restored server begins a new epoch, and raises its number when a client knows an unknown one.",
  P17: "What is still to be offered is durable with the switch, and a join lasts until all of it is answered.",
  P18: "The same offer is answered alike; the first complete one wins, and none brings back what was deleted since.",
  P19: "Edits of an owner on offer wait for the answer, and follow or go to the history.",
  P20: "What was edited before a join is visible is data of the join; what is edited after it is an edit.",
  P21: "Stopping the client discards what was not sent, after its number was told; starting again is a join.",
  P22: "An edit that knew nothing of its owner's end loses, unless it was made after it.",
  P23: "What lost to a deletion leaves no history, now or later; what lost to an eviction does.",
  P24: "Snapshots carry the ends of owners, and the scopes.",
  P25: "Purged deletions are remembered by their highest stamp and revision, so that nothing old comes back.",
  P26: "An eviction takes one owner at most, nobody who is logged in, and nobody whom the same change touches.",
  P27: "Pending edits of an item that becomes device-specific stay as the machine's own.",
  P28: "An item that becomes shared is offered by owner and item, at rejoins too.",
  P29: "A snapshot is never older than the client's own copy, and resumes only from its own start.",
  P30: "The first registration of the server machine's own client opens the door for the others.",
});

/** Rules that come with work that has not begun: nothing is expected of a scenario yet, and none is missed. */
export const LATER: ReadonlySet<string> = new Set(["B08", "B09", "B10"]);

/** Rules whose scenarios are being written. Each leaves this list with its first scenario, and the list ends empty. */
export const AWAITED: ReadonlySet<string> = new Set([]);

/** The rules that a title begins with: "M18 P27 the scope ..." names two. */
export function rulesOf(title: string): readonly string[] {
  const ids: string[] = [];
  for (const word of title.split(" ")) {
    if (!/^(M\d\d|B\d\d|P\d{1,2})$/.test(word)) break;
    ids.push(word);
  }
  return ids;
}
