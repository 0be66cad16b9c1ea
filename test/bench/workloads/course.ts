/** What a workload is, and what it works on. */
import type { DataSetFacts, DataSetOptions } from "../data-set.ts";
import type { Subject } from "../subject.ts";
import type { Cell } from "./cell.ts";

export interface Sizes {
  readonly data: DataSetOptions;
  readonly facts: DataSetFacts;
  /** Of W2. */
  readonly edits: number;
  readonly perSecond: number;
  /** Of W2max, by each client. */
  readonly burst: number;
  /** Of W4, by all clients together, at least. */
  readonly soak: number;
}

/** A fleet that has its data. */
export interface Course {
  readonly subject: Subject;
  readonly sizes: Sizes;
  /** Where programs and libraries of the bench are. */
  readonly distDir: string;
  /** The first of so many numbers for edits that no other edit of this fleet has. */
  readonly numbers: (count: number) => number;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Whom it finds up to date when it begins. */
  readonly begins: "server alone" | "everybody";
  /** Whom it leaves running and up to date, beside the server. */
  readonly leaves: "nobody" | "everybody";
  /** "ours": no peer has what is measured. "floor": ours and the floor, the others would make the bench too long. undefined: everybody. */
  readonly who?: "ours" | "floor";
  /** On which fleet: that of all clients (undefined), or a small one whose printers keep their own stores in memory. */
  readonly fleet?: "stores apart";
  /** Why it cannot be run on this computer; undefined when it can. */
  readonly missing?: () => string | undefined;
  readonly run: (course: Course) => Promise<Cell>;
}
