/**
 * What the panel says, as a type: a language is one value of it, so a text that is missing is a type error. Sentences
 * are said to a person in front of the machine who never read a manual: what happened, why, what to do next.
 */
import type { ClientStatus, ServerStatus } from "../../../hal/services.ts";
import type { ErrorCode } from "../../model/errors.ts";
import type { BackupFault, PolicyPart, RefusalWord } from "../../model/refusal.ts";
import type { JobName } from "../../model/job.ts";
import type { OwnTexts, OwnWhyWord } from "./own-texts.ts";
import type { AdminTexts, AdminWhy } from "./admin-texts.ts";
import type { CharacterSet } from "../state.ts";
import type { AddressTexts, AddressWhy } from "./address-texts.ts";
import type { HeldTexts, OriginTexts, StatusTexts, WayTexts } from "./text-parts.ts";

/** `why` and `next` may be "": there is nothing more to say. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

/** The figures that a refusal may carry; a status can name the word alone, so none is sure to be there. */
export interface RefusalFigures {
  readonly machinesMax?: number;
  readonly parts?: readonly PolicyPart[];
  readonly sntp?: "off" | "silent";
  readonly served?: readonly [number, number];
  readonly usersMax?: number;
  readonly entriesMax?: number;
  readonly listsMax?: number;
  readonly text?: string;
  readonly machines?: readonly string[];
  readonly fault?: BackupFault;
  readonly depthMax?: number;
  readonly searchDepth?: number;
  readonly addresses?: readonly string[];
  readonly machine?: string;
  readonly charactersMin?: number;
}

/** Why a row is greyed out. */
export type WhyWord =
  | "log-in-first"
  | "administrators-only"
  | "shared-by-administrators"
  | "name-missing"
  | "account-missing"
  | "buttons-full"
  | OwnWhyWord
  | AdminWhy
  | AddressWhy;

/** Notices that need no figures. */
export type PlainNotice =
  | "wrong-password"
  | "unknown-user"
  | "gone"
  | "late"
  | "restarting"
  | "not-the-server"
  | "this-machine"
  | "job-running"
  | "destination-copied";

/** Refusals and error codes with other advice where the client function was just being started. */
export type NotStartedWord = Extract<
  RefusalWord | ErrorCode,
  "account-refused" | "another-server" | "server-not-running" | "rate-exceeded" | "authentication-failed" | "message-malformed"
>;

export interface Texts {
  /** The language's name in itself. */
  readonly name: string;
  /** What is said of something, after its name: with the colon of the language. */
  readonly labelled: (label: string, value: string) => string;
  readonly action: {
    readonly add: string;
    readonly cancel: string;
    readonly change: string;
    readonly characters: string;
    readonly delete: string;
    readonly done: string;
    readonly logIn: string;
    readonly logOut: string;
    readonly no: string;
    readonly ok: string;
    readonly save: string;
    readonly search: string;
    readonly start: string;
    readonly yes: string;
  };
  readonly home: {
    readonly title: string;
    readonly titleOf: (user: string) => string;
    readonly addPersonal: string;
    readonly addShared: string;
    readonly shared: (name: string) => string;
    readonly addresses: string;
    readonly settings: string;
    readonly unreadable: string;
  };
  readonly login: {
    readonly title: string;
    readonly nobody: string;
    readonly passwordOf: (user: string) => string;
    readonly password: string;
  };
  readonly button: {
    readonly personal: string;
    readonly shared: string;
    readonly newPersonal: string;
    readonly newShared: string;
    readonly changed: string;
    readonly name: string;
    readonly job: string;
    readonly jobs: { readonly [job in JobName]: string };
    readonly deleteQuestion: (name: string) => string;
    readonly deletePersonal: string;
    readonly deleteShared: string;
  };
  readonly address: AddressTexts;
  readonly settings: {
    readonly title: string;
    readonly language: string;
    readonly languageNow: (name: string) => string;
    readonly management: string;
    readonly deviceManagement: string;
    readonly syncServer: string;
    readonly syncClient: string;
  };
  readonly server: {
    readonly state: string;
    readonly off: string;
    readonly states: { readonly [state in ServerStatus["state"]]: string };
    readonly machines: (machines: number, machinesMax: number) => string;
    readonly users: (users: number, usersMax: number) => string;
    readonly start: string;
    readonly stop: string;
    readonly stopQuestion: string;
    readonly stopMeans: string;
    readonly machinesTitle: string;
    readonly noMachines: string;
    readonly operating: string;
    readonly notOperating: string;
    readonly location: string;
    readonly product: string;
    readonly serialNumber: string;
    readonly lastContact: string;
    readonly remove: string;
    readonly removeQuestion: (machine: string) => string;
    readonly removeMeans: string;
    readonly fingerprint: string;
    readonly fingerprintMeans: string;
  };
  readonly admin: AdminTexts;
  readonly way: WayTexts;
  readonly held: HeldTexts;
  readonly own: OwnTexts;
  readonly origin: OriginTexts;
  readonly client: {
    readonly state: string;
    readonly off: string;
    readonly states: { readonly [state in ClientStatus["state"]]: string };
    readonly pending: (edits: number) => string;
    readonly start: string;
    readonly stop: string;
    /** The own data is exported before the start, or not at all (M34). */
    readonly exportQuestion: string;
    readonly exportWhy: string;
    readonly exportWhere: string;
    readonly exportGoOn: string;
    readonly exportBack: string;
    readonly formTitle: string;
    readonly destination: string;
    readonly account: string;
    readonly password: string;
    readonly compareQuestion: string;
    /** What the server address may be left empty for. */
    readonly emptySearches: string;
    /** Of a server machine that cannot be reached: it may have another address. */
    readonly moved: string;
    readonly searchedAgain: string;
    /** Somebody on the way to the server machine wants another account. */
    readonly anotherAccount: string;
    readonly answers: (destination: string) => string;
    readonly compareWhere: string;
    readonly startReplaces: string;
    readonly same: string;
    readonly sameKey: string;
    readonly different: string;
    readonly differentKey: string;
    readonly awayTitle: string;
    readonly away: (destination: string) => string;
    readonly awayWhy: { readonly [code in "address-unusable" | "authentication-failed" | "other"]: string };
    readonly awayNext: string;
    readonly tryAgain: string;
    readonly startAnywayMeans: string;
    readonly startAnyway: string;
    readonly another: string;
    readonly stopQuestion: string;
    readonly stopMeans: string;
    readonly stopPending: (edits: number) => string;
    readonly restart: string;
    readonly restartQuestion: string;
    readonly restartMeans: string;
    readonly restartNow: string;
    readonly restartLater: string;
  };
  readonly status: StatusTexts;
  readonly typing: {
    readonly hint: string;
    readonly space: string;
    /** What [Characters] goes through, in this order. */
    readonly sets: readonly CharacterSet[];
    /** What of the language cannot be entered with the keys; "" for nothing. */
    readonly cannot: string;
  };
  readonly wait: {
    readonly title: string;
    readonly line: string;
    readonly stop: string;
    readonly contacting: string;
    /** How far it is, of what goes step by step. */
    readonly progress: (done: number, of: number) => string;
    readonly stopHere: string;
    readonly stopping: string;
  };
  readonly message: { readonly title: string; readonly notNow: string };
  readonly noName: string;
  readonly why: { readonly [word in WhyWord]: string };
  readonly notices: { readonly [notice in PlainNotice]: Explanation };
  readonly notStarted: { readonly [word in NotStartedWord]: Explanation };
  readonly refusals: { readonly [word in RefusalWord]: (figures: RefusalFigures) => Explanation };
  readonly errors: { readonly [code in ErrorCode]: Explanation };
}

/** The tables by language tag. `en` is what stands in where a language is not there. */
export type Languages = { readonly en: Texts } & { readonly [tag: string]: Texts };

/** The tag of the table that speaks the language best: itself, its main language, English. */
export function languageFor(languages: Languages, tag: string | undefined): string {
  const wanted = (tag ?? "").toLowerCase();
  const main = wanted.split("-")[0] ?? "";
  return [wanted, main].find((candidate) => Object.hasOwn(languages, candidate)) ?? "en";
}

export const textsFor = (languages: Languages, tag: string | undefined): Texts => languages[languageFor(languages, tag)] ?? languages.en;
