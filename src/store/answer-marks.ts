/**
 * What a state tells of the edits that led to it: of each machine's runs the highest sequence that stands in it. Machines
 * push in order, so all edits up to that were decided. How, is known only of what stands: a server that goes on from a copy
 * decides none of them anew, and takes none of them for accepted that does not stand.
 */
import type { Write } from "../../hal/storage.ts";
import type { Accepted } from "../model/entry.ts";
import type { DeviceId, JournalTime, Revision, RunId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { DeviceAnswers, packAnswers } from "./device-answers.ts";
import { answersKey } from "./journal-keys.ts";
import { isEntryKey } from "./keys.ts";
import { unpackEntry } from "./records.ts";

interface Mark {
  readonly sequence: number;
  readonly revision: Revision;
}

export class AnswerMarks {
  readonly #runs = new Map<DeviceId, Map<RunId, Mark>>();
  #newestStamp = 0;

  /** The newest stamp of an entry: journal time is not before it. */
  get newestStamp(): JournalTime {
    return this.#newestStamp;
  }

  /** Takes a record of the state into account. */
  note(stateKey: string, record: Uint8Array): void {
    if (!isEntryKey(stateKey)) return;
    const { revision, edit } = unpackEntry(record);
    this.#newestStamp = Math.max(this.#newestStamp, edit.stamp);
    if (!isDecidedInOrder(edit)) return;
    const { device, run, sequence } = edit.id;
    const runs = this.#runs.get(device) ?? new Map<RunId, Mark>();
    this.#runs.set(device, runs);
    const known = runs.get(run);
    runs.set(run, { sequence: Math.max(sequence, known?.sequence ?? 0), revision: Math.max(revision, known?.revision ?? 0) });
  }

  /** Of each machine the newest runs: what is pending anywhere is of no more of them. */
  writes(): Write[] {
    return [...this.#runs].map(([device, runs]) => {
      const newest = [...runs].sort(([, a], [, b]) => b.revision - a.revision).slice(0, LIMITS.pendingRangesMax);
      const marks = new Map(newest.map(([run, { sequence }]): [RunId, number] => [run, sequence]));
      return { key: answersKey(device), value: packAnswers(new DeviceAnswers(marks, [], { inherited: marks })) };
    });
  }
}

/**
 * What the server itself wrote is in the name of its machine, and no edit of that machine's client. What an offer supplied is
 * numbered by the last edit that the offer contains, and edits of others before that one may not have been pushed yet.
 * What was brought may be either.
 */
const isDecidedInOrder = ({ why }: Accepted): boolean => why !== "server" && why !== "adopted" && why !== "brought";
