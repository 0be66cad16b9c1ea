/** How a client machine stands, as people and scripts are told. */
import type { Acknowledged, ClientStatus, JoinProgress } from "../../../hal/services.ts";
import type { Edit } from "../../model/entry.ts";
import type { ErrorCode } from "../../model/errors.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Replica } from "../../store/replica.ts";
import type { CatchUp } from "./catch-up.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Exchange } from "./exchange.ts";
import type { Shower } from "./shower.ts";
import type { ShowingLater } from "./showing-later.ts";

interface Standing {
  readonly parts: Pick<ClientParts, "replica" | "restrictions" | "notApplied">;
  readonly exchange: Exchange;
  readonly catchUp: CatchUp;
  readonly shower: Pick<Shower, "progress">;
  readonly later: Pick<ShowingLater, "revision">;
}

const SERVER_STOPPED = { word: "server-not-running" } as const;

export function statusOf(standing: Standing): ClientStatus {
  const { replica, notApplied } = standing.parts;
  const { isServerStopped } = standing.exchange;
  const refusal = isServerStopped ? SERVER_STOPPED : standing.exchange.refusal;
  const shown = standing.later.revision;
  const revision = shown === undefined ? {} : { revision: shown };
  const why = refusal === undefined ? {} : { reason: refusal.word, refusal };
  const apart = replica.head.places?.apart === true ? { networkPlacesDiffer: true as const } : {};
  const kept = keptHere(standing);
  const listed = notApplied.size === 0 ? {} : { notApplied: notApplied.size };
  const state = stateOf(standing);
  const progress = state === "joining" ? progressOf(standing) : undefined;
  const far = progress === undefined ? {} : { progress };
  return {
    state,
    pending: replica.pending.unanswered,
    ...revision,
    ...why,
    ...apart,
    ...listed,
    ...far,
    ...(state === "offline" && refusal === undefined ? awayFor(standing.exchange.away) : {}),
    ...(kept === 0 ? {} : { keptHere: kept }),
  };
}

/** What an administrator can do something about; silence passes by itself. */
const awayFor = (away: ErrorCode | undefined): Pick<ClientStatus, "away"> =>
  away === "address-unusable" || away === "authentication-failed" ? { away } : {};

/** Things to look at (B05): what the server machine has no room for (M22), and what cannot travel (M27). */
function keptHere({ parts: { replica, notApplied } }: Standing): number {
  return Number(replica.offers.some("over-limit")) + Number(notApplied.some("cannot-travel"));
}

function progressOf({ parts: { replica }, shower }: Standing): JoinProgress | undefined {
  if (shower.progress !== undefined) return { step: "showing", ...shower.progress };
  if (replica.partsArrived > 0) return { step: "receiving", parts: replica.partsArrived };
  const left = replica.offers.wanted().length;
  return left > 0 ? { step: "handing-over", left } : undefined;
}

function stateOf({ parts: { replica, restrictions }, exchange, catchUp }: Standing): ClientStatus["state"] {
  // A server function that was stopped refuses nobody, nor does one that is heard no more: it is away, for a reason that is known.
  if (exchange.refusal !== undefined && !exchange.isServerStopped && exchange.silenceMs <= LIMITS.searchAgainMs) return "refused";
  if (exchange.phase !== "in" || exchange.silenceMs > LIMITS.heardMs) return "offline";
  if (restrictions.importExportRunning()) return "paused";
  const joined = replica.position !== undefined && replica.head.unshown === undefined;
  return !joined || catchUp.isUnderWay || replica.offers.some("wanted") ? "joining" : "synchronized";
}

/** While a join lasts nothing of it counts as acknowledged: its data is offered owner by owner. */
export function acknowledgedOf(replica: Replica): Acknowledged {
  const edits = unanswered(replica);
  const pending = edits.map(({ id, owner, item, key }) => ({ number: id.sequence, owner, item, key }));
  const joining = replica.position === undefined || replica.offers.some("wanted");
  const { sequence, mark } = replica.head;
  const last = (edits[0]?.id.sequence ?? Math.max(sequence, mark) + 1) - 1;
  return { acknowledged: joining ? 0 : last, pending };
}

const unanswered = (replica: Replica): Edit[] =>
  [...replica.pending.all()].flatMap(({ edit, answer }) => (answer === undefined ? [edit] : []));
