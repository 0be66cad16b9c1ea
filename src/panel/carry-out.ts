/** The rim of an administrator's orders: does them, and reads anew what they have changed. */
import { unreachable } from "../model/assert.ts";
import type { Owner } from "../model/owner.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Facts } from "./facts.ts";
import type { Course, Notice, Outcome } from "./intent.ts";
import type { Order, Topic } from "./order.ts";
import type { Performers } from "./perform.ts";
import type { AdminNotice } from "./texts/admin-texts.ts";

/** What orders are carried out with. */
export type Carriers = Pick<Performers, "administration" | "restrictions" | "networkSettings">;

const TIME_SERVER = { answers: "time-server-answers", silent: "time-server-silent", off: "time-server-silent" } as const;

/** Rejects with a SyncError for what the world does. */
export async function carryOut(parts: Carriers, order: Order, course: Course): Promise<Outcome> {
  const { administration, restrictions, networkSettings } = parts;
  switch (order.kind) {
    case "learn":
      return await learnt(parts, order.topic);
    case "delete-owners":
      return await deleteOwners(parts, order.owners, course);
    case "prepare-export": {
      const answer = await administration.prepareExport(order.owners);
      return answer === "done" ? withWord({ kind: "done" }, "export-prepared", 0) : refused(answer);
    }
    case "set-sharing": {
      const answer = await administration.setSharing({ [order.item]: order.scope });
      return answer === "done" ? await learnt(parts, "sharing") : refused(answer);
    }
    case "put-back": {
      const answer = await administration.putBack({ owner: order.owner, ...(order.ids === undefined ? {} : { ids: order.ids }) });
      if ("word" in answer) return refused(answer);
      return withWord(await learnt(parts, "history"), "put-back", answer.entries);
    }
    case "preview":
      return await preview(parts, order);
    case "storage-loss-seen":
      await administration.attentionSeen("storage-lost");
      return await learnt(parts, "attention");
    case "search":
      return await search(parts, order.depth);
    case "set-users-policy": {
      const answer = await restrictions.setMaxUsersPolicy(order.policy);
      const learntNow = await learnt(parts, "usersPolicy");
      return answer === "chosen" ? learntNow : { kind: "no", notice: { kind: "why", why: "users-policy-locked" } };
    }
    case "set-network":
      await networkSettings.set(order.change);
      return await learnt(parts, "network");
    case "check-time-server":
      return withWord({ kind: "done" }, TIME_SERVER[await networkSettings.checkTimeServer()], 0);
    case "take-over": {
      const answer = await administration.takeOver();
      return answer === "done" ? withWord({ kind: "done" }, "took-over", 0) : refused(answer);
    }
    default:
      return unreachable(order);
  }
}

async function learnt(parts: Carriers, topic: Topic): Promise<Outcome> {
  const facts = await read(parts, topic);
  return "word" in facts ? refused(facts) : { kind: "done", facts };
}

async function read({ administration, restrictions, networkSettings }: Carriers, topic: Topic): Promise<Partial<Facts> | Refusal> {
  switch (topic) {
    case "owners": {
      const owners = await administration.owners();
      return "word" in owners ? owners : { owners };
    }
    case "sharing":
      return { sharing: administration.sharing() };
    case "history": {
      const history = await administration.history();
      // Whoever reads it has looked at it: what lost is no longer among the things to look at.
      await administration.attentionSeen("lost");
      return { history };
    }
    case "log":
      return { log: administration.log() };
    case "attention":
      return { attention: await administration.attention() };
    case "notApplied":
      return { notApplied: administration.notApplied() };
    case "usersPolicy":
      return { usersPolicy: { policy: restrictions.maxUsersPolicy(), locked: restrictions.held("max-users-policy") } };
    case "network":
      return { network: networkSettings.choices() };
    default:
      return unreachable(topic);
  }
}

/** One owner after the other, so that it can be stopped between two of them. */
async function deleteOwners(parts: Carriers, owners: readonly Owner[], { at, stopped }: Course): Promise<Outcome> {
  const { administration } = parts;
  let done = 0;
  for (const owner of owners) {
    if (stopped.aborted) break;
    at({ done, of: owners.length });
    const answer = await administration.deleteOwner(owner);
    // Somebody else was quicker: what was wanted is so.
    if (answer !== "done" && answer.word !== "owner-unknown") return refused(answer);
    done += 1;
  }
  return withWord(await learnt(parts, "owners"), done < owners.length ? "deleted-so-far" : "deleted", done);
}

async function preview({ administration }: Carriers, { settings, owner }: Extract<Order, { kind: "preview" }>): Promise<Outcome> {
  const answer = await administration.preview({
    ...(settings === undefined ? {} : { settings }),
    ...(owner === undefined ? {} : { owner }),
  });
  if ("word" in answer) {
    const notice: Notice = settings === undefined ? { kind: "refusal", refusal: answer } : { kind: "not-started", because: answer };
    return { kind: "no", notice };
  }
  return { kind: "done", facts: owner === undefined ? { preview: answer } : { previewed: answer } };
}

async function search({ administration }: Carriers, depth: number): Promise<Outcome> {
  const answer = await administration.search(depth);
  switch (answer.kind) {
    case "found":
      return { kind: "done", facts: { found: [answer.found] } };
    case "several":
      return { kind: "done", facts: { found: answer.found } };
    case "none":
      return refused({ word: "server-not-found", searchDepth: depth });
    case "away":
      return { kind: "no", notice: { kind: "error", code: answer.code } };
    case "refused":
      return refused(answer.refusal);
    default:
      return unreachable(answer);
  }
}

/** What was done is told, where it was. */
const withWord = (outcome: Outcome, word: AdminNotice, figure: number): Outcome =>
  outcome.kind === "done" ? { ...outcome, said: { kind: "said", word, figure } } : outcome;

const refused = (refusal: Refusal): Outcome => ({ kind: "no", notice: { kind: "refusal", refusal } });
