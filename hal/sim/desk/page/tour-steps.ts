/**
 * The steps of the tour, and when each is done: decided from what the machines say alone, whoever did it and however. So the
 * tour goes on when a step is true, never because a button was pressed; and it goes back when its ground is gone.
 */
import { type Drawing, type EntryName, serverOf } from "./drawing.ts";

export const STEPS = ["fleet", "button", "elsewhere", "cut", "both", "mend", "plug", "power", "sleep", "wake", "end"] as const;
export type Step = (typeof STEPS)[number];

/** What later steps need to know of earlier ones. */
export interface Memo {
  readonly server?: number;
  /** The button that was registered: whose, what is written on it, and where. */
  readonly button?: { readonly owner: string; readonly name: string; readonly at: number };
  /** The printer whose cable is cut, and on which sides something was changed since. */
  readonly cut?: number;
  readonly changedHere?: boolean;
  readonly changedElsewhere?: boolean;
  /** The printer that fell asleep. */
  readonly slept?: number;
}

export interface TourState {
  readonly step: Step;
  readonly memo: Memo;
}

export type TourEvent =
  /** The machines are drawn anew. */
  | { readonly kind: "drawn" }
  | { readonly kind: "edited" | "accepted"; readonly number: number; readonly names: readonly EntryName[] }
  /** A personal button is there, on the machine where it was made. */
  | { readonly kind: "registered"; readonly owner: string; readonly name: string; readonly at: number };

export const BEGINNING: TourState = { step: "fleet", memo: {} };

/** Where the tour stands after an event: the same object when nothing follows from it. */
export function advance(state: TourState, drawings: readonly Drawing[], event: TourEvent): TourState {
  const known = remember(state, drawings);
  if (known.step !== "fleet" && groundIsGone(drawings)) return { step: "fleet", memo: {} };
  const next = CHECKS[known.step](known.memo, { drawings, event });
  if (next === undefined) return known;
  const { step = known.step, ...memo } = next;
  return { step, memo: { ...known.memo, ...memo } };
}

interface Seen {
  readonly drawings: readonly Drawing[];
  readonly event: TourEvent;
}

/** What is remembered from now on, and `step` where another one follows. undefined: nothing new. */
type Check = (memo: Memo, seen: Seen) => (Memo & { readonly step?: Step }) | undefined;

const CHECKS: Readonly<Record<Step, Check>> = {
  fleet: (_memo, { drawings }) => (isFleet(drawings) ? { step: "button" } : undefined),
  button: (_memo, { event }) =>
    event.kind === "registered" ? { step: "elsewhere", button: { owner: event.owner, name: event.name, at: event.at } } : undefined,
  elsewhere: ({ button }, { drawings }) => {
    if (button === undefined) return { step: "button" };
    const shows = drawings.some(
      ({ number, user, lit, rows }) =>
        number !== button.at && lit && user?.owner === button.owner && rows.some(({ text }) => text.includes(button.name)),
    );
    return shows ? { step: "cut" } : undefined;
  },
  cut: (_memo, { drawings }) => {
    const cut = drawings.find(({ server, client, cable }) => server === null && client !== null && !cable.connected);
    return cut === undefined ? undefined : { step: "both", cut: cut.number, changedHere: false, changedElsewhere: false };
  },
  both: (memo, { drawings, event }) => {
    const cut = drawings.find(({ number }) => number === memo.cut);
    if (cut === undefined || cut.cable.connected) return { step: "cut" };
    const changedHere = memo.changedHere === true || (cut.client?.pending ?? 0) > 0;
    const changedElsewhere = memo.changedElsewhere === true || (event.kind === "accepted" && event.number !== cut.number);
    if (changedHere && changedElsewhere) return { step: "mend" };
    return changedHere === memo.changedHere && changedElsewhere === memo.changedElsewhere ? undefined : { changedHere, changedElsewhere };
  },
  mend: ({ cut }, { drawings }) => {
    const mended = drawings.find(({ number }) => number === cut);
    if (mended === undefined) return { step: "cut" };
    return mended.cable.connected && isUpToDate(mended, drawings) ? { step: "plug" } : undefined;
  },
  plug: ({ server }, { drawings }) => {
    const off = drawings.some(({ number, power }) => number === server && power === "off");
    return off && drawings.some(({ number, client }) => number !== server && (client?.pending ?? 0) > 0) ? { step: "power" } : undefined;
  },
  power: (_memo, { drawings }) => {
    const clients = drawings.filter(({ phase, client }) => phase === "on" && client !== null);
    const all = serverOf(drawings)?.server?.state === "running" && clients.every((each) => isUpToDate(each, drawings));
    return all && drawings.every(({ phase }) => phase !== "starting") ? { step: "sleep" } : undefined;
  },
  sleep: (_memo, { drawings, event }) => {
    const asleep = drawings.find(({ power, client }) => power === "full-sleep" && client !== null);
    return asleep !== undefined && event.kind === "accepted" && event.number !== asleep.number
      ? { step: "wake", slept: asleep.number }
      : undefined;
  },
  wake: ({ slept }, { drawings }) => {
    const woken = drawings.find(({ number }) => number === slept);
    if (woken === undefined) return { step: "sleep" };
    return woken.phase === "on" && woken.power === "active" && isUpToDate(woken, drawings) ? { step: "end" } : undefined;
  },
  end: () => undefined,
};

/** A server machine that runs, and as many others that are up to date as the tour needs. */
function isFleet(drawings: readonly Drawing[]): boolean {
  const server = serverOf(drawings);
  const others = drawings.filter((each) => each !== server);
  const taking = others.filter(({ client }) => client?.state === "synchronized");
  return server?.server?.state === "running" && taking.length >= Math.min(2, others.length);
}

/** All machines are there to be asked, and none takes part in a fleet any more: they are factory-new, or were taken out of it. */
const groundIsGone = (drawings: readonly Drawing[]): boolean =>
  drawings.length > 0 && drawings.every(({ phase, client, server }) => phase === "on" && client === null && server === null);

function isUpToDate({ client }: Drawing, drawings: readonly Drawing[]): boolean {
  const revision = serverOf(drawings)?.server?.revision;
  return client?.state === "synchronized" && client.pending === 0 && revision !== undefined && client.revision === revision;
}

/** The server machine is known by its number also while it is off. */
function remember(state: TourState, drawings: readonly Drawing[]): TourState {
  const server = serverOf(drawings)?.number;
  return server === undefined || server === state.memo.server ? state : { ...state, memo: { ...state.memo, server } };
}

/** The printers that a step is about. undefined while there are not two of them. */
export function cast(
  { memo, step }: TourState,
  drawings: readonly Drawing[],
): { readonly server: Drawing; readonly first: Drawing; readonly second: Drawing } | undefined {
  const find = (number: number | undefined) => drawings.find((each) => each.number === number);
  const server = find(memo.server) ?? drawings.find(({ clientOnly }) => !clientOnly);
  if (server === undefined) return undefined;
  const others = drawings.filter((each) => each !== server);
  const first =
    (step === "both" || step === "mend" ? find(memo.cut) : step === "elsewhere" ? find(memo.button?.at) : undefined) ?? others[0];
  const rest = [...others, server].filter((each) => each !== first);
  const second = (step === "wake" ? find(memo.slept) : undefined) ?? rest[0];
  return first === undefined || second === undefined ? undefined : { server, first, second };
}
