/** The server machine's side of a search: says that it is one, to whoever asks, while the server function runs. */
import type { Clock } from "../../hal/clock.ts";
import type { Destination, Group, GroupMember, Network } from "../../hal/network.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeQuestion, encodeAnswer } from "./dns-message.ts";
import { MDNS, SEARCH } from "./searching.ts";

interface Parts {
  readonly network: Pick<Network, "joinGroup">;
  readonly clock: Clock;
  readonly server: DeviceId;
  readonly deviceName: string;
  readonly port: number;
  /** Asked at each search; left out: it always is. */
  readonly isSearchable?: (() => boolean) | undefined;
  readonly log: (text: string) => void;
}

/** Starts at once; a group that cannot be joined for now is tried again. The function given back ends it. */
export function answerSearches(parts: Parts): () => void {
  const ending = new AbortController();
  const allowance = allowanceOf(parts.clock);
  void follow(parts, { group: SEARCH, wakes: true, allowance }, ending.signal);
  void follow(parts, { group: MDNS, wakes: false, allowance }, ending.signal);
  return () => ending.abort();
}

interface Followed {
  readonly group: Group;
  readonly wakes: boolean;
  readonly allowance: () => boolean;
}

async function follow(parts: Parts, { group, wakes, allowance }: Followed, signal: AbortSignal): Promise<void> {
  const { clock, network, log } = parts;
  while (!signal.aborted) {
    const member = await network.joinGroup(group, { wakes }).catch((error: unknown) => unavailable(error));
    if (member instanceof SyncError) {
      log(`Searches in ${group.ipv4} are not answered for now: ${member.message}.`);
      await clock.sleep(LIMITS.searchJoinAgainMs, signal);
      continue;
    }
    if (signal.aborted) return member.close();
    signal.addEventListener("abort", () => member.close(), { once: true });
    member.onMessage((bytes, from) => answer(parts, member, { bytes, from, allowance }));
    return;
  }
}

function unavailable(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  throw error;
}

interface Asked {
  readonly bytes: Uint8Array;
  readonly from: Destination;
  readonly allowance: () => boolean;
}

function answer({ server, deviceName, port, isSearchable }: Parts, member: GroupMember, { bytes, from, allowance }: Asked): void {
  const question = decodeQuestion(bytes, from);
  if (question === undefined || isSearchable?.() === false || !allowance()) return;
  member.answer(encodeAnswer({ id: question.id, server, deviceName, port }), from);
}

/** So many answers a second: whoever forges the address of a question cannot make a flood of it. */
function allowanceOf(clock: Pick<Clock, "monotonicMs">): () => boolean {
  let left: number = LIMITS.searchAnswersPerSecond;
  let atMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    left = Math.min(LIMITS.searchAnswersPerSecond, left + ((nowMs - atMs) * LIMITS.searchAnswersPerSecond) / 1000);
    atMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
