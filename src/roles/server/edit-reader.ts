/** Edits as machines send them: what is read of them, and what is said of those that cannot be. */
import type { Edit } from "../../model/entry.ts";
import { SyncError } from "../../model/errors.ts";
import type { EditId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { failureOf, type Sent } from "../../model/log-note.ts";
import { type Came, decodeCame, decodeEdit, readEditId } from "../../protocol/edit.ts";
import { unpackPart } from "../../protocol/part.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { type BroughtRecord, checkBrought } from "./brought-record.ts";
import type { Session } from "./session.ts";

/** An edit of a push; undefined: it could not be read, which is an answer, too. */
export interface Pushed {
  readonly id: EditId;
  readonly came: Came | undefined;
}

/** Who sends, and what the log says of it already. */
export type Talker = Pick<Session, "complaints"> & { readonly hello: { readonly device: { readonly deviceName: string } } };

/** Answers count on from a sequence: what they come to is a whole number still. */
const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER - LIMITS.pendingMax;

const NOT_ITS_OWN = { code: "message-malformed", detail: "" } as const;

export class EditReader {
  readonly #log: CommunicationLog;

  constructor({ log }: { readonly log: CommunicationLog }) {
    this.#log = log;
  }

  /**
   * An edit of a push. One that cannot be read is answered all the same, or it would be pushed for ever. undefined: it is
   * not the machine's own or has no number, which no machine of ours sends; nothing of that push is taken.
   */
  pushed(session: Session, bytes: Uint8Array): Pushed | undefined {
    const came = readable(bytes);
    const id = came instanceof SyncError ? readEditId(bytes) : came.edit.id;
    if (id === undefined || id.device !== session.device || id.sequence < 1 || id.sequence > SEQUENCE_MAX) {
      this.#complain(session, "foreign-edit");
      return undefined;
    }
    if (!(came instanceof SyncError)) return { id, came };
    this.#complain(session, "edit", came);
    return { id, came: undefined };
  }

  /** Once for each session and kind: what is sent again and again would push everything else out of the log. */
  #complain({ complaints, hello }: Talker, sent: Sent, error?: SyncError): void {
    const failure = error === undefined ? NOT_ITS_OWN : failureOf(error);
    if (complaints.has(failure.code)) return;
    complaints.add(failure.code);
    this.#log.write({ kind: "not-understood", machine: hello.device.deviceName, sent, failure });
  }

  /** The entries that a machine offers, under its own name; of anything else nothing is taken, and the log says so. */
  offered(session: Session, records: () => readonly Uint8Array[]): Edit[] | "not-understood" {
    try {
      const edits = records().map((bytes) => decodeEdit(bytes));
      if (edits.every(({ id }) => id.device === session.device && id.sequence <= SEQUENCE_MAX)) return edits;
      this.#complain(session, "foreign-offer");
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#complain(session, "offer", error);
    }
    return "not-understood";
  }

  /** Records that a machine brings; what cannot be read is passed over, and the log says so. */
  brought(talker: Talker, bytes: Uint8Array): BroughtRecord[] {
    try {
      const records = unpackPart(bytes);
      for (const record of records) checkBrought(record);
      return records;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#complain(talker, "record", error);
      return [];
    }
  }
}

function readable(bytes: Uint8Array): Came | SyncError {
  try {
    return decodeCame(bytes);
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
}
