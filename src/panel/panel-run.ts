/** One run of the panel: listeners hand their event to reduce.ts, which decides; this does what was decided. */
import type { Device } from "../../hal/device.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import type { Panel } from "../../hal/panel.ts";
import type { LoggedIn } from "../../hal/users.ts";
import { LIMITS } from "../model/limits.ts";
import { COMMON, type Owner } from "../model/owner.ts";
import type { Screen } from "../model/screen.ts";
import { Courses } from "./courses.ts";
import { groupNames } from "./group-names.ts";
import type { Asked } from "./intent.ts";
import { perform, type Performers } from "./perform.ts";
import { NO_FACTS } from "./facts.ts";
import { NO_DATA, type PersonalData } from "./personal-data.ts";
import { type Applied, DataWatch } from "./data-watch.ts";
import { type PanelEvent, reduce } from "./reduce.ts";
import { sameScreen } from "./same-screen.ts";
import { HOME, type PanelState } from "./state.ts";
import { ScreenNews } from "./screen-news.ts";
import type { Languages } from "./texts/texts.ts";
import { view } from "./view.ts";
import { linkedAbort } from "../model/linked-abort.ts";

export interface PanelParts extends Performers {
  readonly panel: Panel;
  /** The languages to speak: those of texts/languages.ts. */
  readonly texts: Languages;
  readonly applied: Applied;
  /** Given: a model without the server function has no menu for it (M01). Not given: the menu is there and says so. */
  readonly device?: Pick<Device, "capabilities">;
}

export class PanelRun {
  readonly #parts: PanelParts;
  readonly #signal: AbortSignal;
  readonly #fail: (error: unknown) => void;
  readonly #failed: Promise<never>;
  #state: PanelState;
  #shown: Screen | undefined;
  #shownTo: Owner | undefined;
  /** Monotonic time of the last key. */
  #usedAtMs: number;
  /** Entry keys made. */
  #made = 0;
  readonly #data: DataWatch;
  readonly #courses: Courses;
  readonly #news = new ScreenNews();
  /** Number of the newest login: the data of an earlier one comes too late. */
  #logins = 0;

  constructor(parts: PanelParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    let fail: (error: unknown) => void = () => undefined;
    this.#failed = new Promise((_, reject) => {
      fail = reject;
    });
    this.#fail = fail;
    this.#usedAtMs = parts.clock.monotonicMs();
    const { administration, users } = parts;
    this.#data = new DataWatch({
      ...parts,
      signal,
      isShown: (owner) => this.#isShown(owner),
      known: (owner) => this.#state.data.get(owner) ?? NO_DATA,
      onData: (owner, data) => this.#tell({ kind: "data", owner, data }),
      background: (work) => this.#background(work),
    });
    this.#courses = new Courses({ ...parts, signal, tell: (event) => this.#told(event) });
    this.#state = {
      languages: parts.texts,
      ownLanguage: parts.panel.language,
      user: undefined,
      accounts: [],
      status: administration.status(),
      machines: [],
      groupNames: groupNames(users.policy()),
      serverModel: parts.device?.capabilities.server ?? true,
      config: parts.config,
      data: new Map([[COMMON, NO_DATA]]),
      inForce: undefined,
      jobRuns: parts.jobs.running() !== undefined,
      facts: NO_FACTS,
      stack: HOME,
      waiting: undefined,
      reading: false,
      fetching: false,
      kept: [],
      asked: 0,
      sessionFrom: 1,
    };
  }

  /** Resolves when the signal has aborted; rejects for a bug of ours. To be called once. */
  async run(): Promise<void> {
    const ends = this.#listen();
    try {
      const user = this.#parts.users.loggedIn();
      if (user !== undefined) this.#background(this.#login(user));
      this.#statusChanged();
      await Promise.race([this.#failed, this.#autoReset()]);
    } finally {
      for (const end of ends) end();
    }
  }

  #listen(): Unsubscribe[] {
    const { panel, users, settings, jobs, administration } = this.#parts;
    return [
      panel.onKey((key) => this.#used({ kind: "key", key, atMs: this.#nowMs() })),
      panel.onText((text) => this.#used({ kind: "text", text, atMs: this.#nowMs() })),
      users.onLogin((user) => this.#background(this.#login(user))),
      users.onLogout(() => this.#logout()),
      users.onPolicy((policy) => this.#tell({ kind: "groups", names: groupNames(policy) })),
      jobs.onJob((running) => this.#tell({ kind: "job", runs: running !== undefined })),
      administration.onStatus(() => this.#statusChanged()),
      settings.onEdit((edits) => this.#tell({ kind: "set-here", changes: edits })),
      ...this.#data.listen(),
    ];
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  #used(event: PanelEvent): void {
    this.#usedAtMs = this.#nowMs();
    if (!this.#data.isAttended) this.#background(this.#attend());
    this.#tell(event);
  }

  /** Whoever watches long work go on is there: the auto reset waits for its end. */
  #told(event: PanelEvent): void {
    if (event.kind === "progress") this.#usedAtMs = this.#nowMs();
    this.#tell(event);
  }

  /** Somebody has come: what is pressed is done when the common address lists are there. */
  async #attend(): Promise<void> {
    this.#tell({ kind: "fetching", fetching: true });
    await this.#inTime(this.#data.attend());
    this.#tell({ kind: "fetching", fetching: false });
  }

  #tell(event: PanelEvent): void {
    if (this.#signal.aborted) return;
    try {
      const { state, intents, stop } = reduce(this.#state, event);
      this.#state = state;
      this.#show();
      if (stop !== undefined) this.#courses.stop(stop);
      for (const asked of intents) this.#background(this.#perform(asked));
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * While an answer is awaited the screen stays as it is, so that nobody sees half of what is being done; but it never
   * stays the screen of somebody who is no longer logged in.
   */
  #show(): void {
    const { waiting, reading, fetching, user } = this.#state;
    const held = (waiting !== undefined && !waiting.slow) || reading || fetching;
    if (held && this.#shown !== undefined && this.#shownTo === user?.owner) return;
    const screen = view(this.#state);
    this.#shownTo = user?.owner;
    if (this.#shown !== undefined && sameScreen(this.#shown, screen)) return;
    this.#shown = screen;
    this.#parts.panel.show(screen);
  }

  #statusChanged(): void {
    const { administration } = this.#parts;
    const status = administration.status();
    const machines = status.server === undefined ? [] : administration.machines();
    if (this.#news.isNews(status, machines)) this.#tell({ kind: "status", status, machines });
  }

  async #perform(asked: Asked): Promise<void> {
    const { id, intent } = asked;
    this.#made += 1;
    const asker = { by: this.#state.user?.owner ?? "", made: this.#made };
    await this.#courses.run(asked, async (course) => {
      const outcome = await perform(this.#parts, intent, asker, course);
      // What was written is on the screen that follows, not a moment later.
      const written = outcome.kind === "done" && "owner" in intent && intent.kind !== "log-in" ? intent.owner : undefined;
      if (written !== undefined) await this.#data.refresh([written]);
      this.#tell({ kind: "answer", id, outcome });
    });
  }

  async #login(user: LoggedIn): Promise<void> {
    this.#logins += 1;
    const login = this.#logins;
    this.#usedAtMs = this.#nowMs();
    this.#tell({ kind: "logging-in" });
    if (!this.#data.isAttended) this.#background(this.#attend());
    const data = new Map<Owner, PersonalData>();
    const reading = Promise.all([user.owner, ...user.groups].map(async (owner) => data.set(owner, await this.#data.read(owner))));
    await this.#inTime(reading);
    if (login !== this.#logins) return;
    this.#tell({ kind: "login", user, data });
    // What changed while it was read, or could not be read in time, is read again.
    await this.#data.refresh([user.owner, ...user.groups]);
  }

  #logout(): void {
    this.#logins += 1;
    this.#tell({ kind: "logout" });
  }

  /** Waits for it, but not longer than for any answer. */
  async #inTime(work: Promise<unknown>): Promise<void> {
    const done = linkedAbort(this.#signal);
    const late = this.#parts.clock.sleep(LIMITS.panelAnswerMs, done.signal);
    await Promise.race([work, late]);
    done.abort();
  }

  #isShown(owner: Owner): boolean {
    const { user } = this.#state;
    return owner === user?.owner || (user?.groups.includes(owner) ?? false);
  }

  /** Resolves when the run ends. */
  async #autoReset(): Promise<void> {
    for (;;) {
      const leftMs = this.#usedAtMs + LIMITS.autoResetMs - this.#nowMs();
      if (leftMs <= 0) this.#reset();
      const waited = await this.#parts.clock.sleep(leftMs <= 0 ? LIMITS.autoResetMs : leftMs, this.#signal);
      if (waited === "aborted") return;
    }
  }

  #reset(): void {
    this.#usedAtMs = this.#nowMs();
    this.#tell({ kind: "auto-reset" });
    if (this.#data.isAttended && this.#state.user === undefined) this.#data.leave();
  }

  /** Work whose end nobody waits for; a bug in it ends the run. */
  #background(work: Promise<unknown>): void {
    work.catch(this.#fail);
  }
}
