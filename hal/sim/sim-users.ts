/** Accounts, groups and the login of the simulated machine; it starts with a handful of people. */
import { must } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import { type Owner, groupOwner, userOwner } from "../../src/model/owner.ts";
import type { Random } from "../../src/model/random.ts";
import type { Unsubscribe } from "../hal.ts";
import { Listeners } from "../parts/listeners.ts";
import { scramProof } from "../parts/scram-proof.ts";
import { Serial } from "../parts/serial.ts";
import type { Account, AccountProof, AuthenticationAndGroups, GroupManagement, LoggedIn, Users } from "../users.ts";

export interface SimAccount {
  /** As the login service writes it; people may type it in another letter case. */
  readonly name: string;
  /** "": none is asked for at the panel. */
  readonly password: string;
  readonly administrator: boolean;
}

export interface SimGroup {
  readonly id: string;
  readonly name: string;
  /** Names of accounts. */
  readonly members: readonly string[];
}

export interface SimPolicy extends Omit<AuthenticationAndGroups, "groups"> {
  readonly groups: readonly SimGroup[];
}

const ACCOUNTS_SHOWN_MAX = 200;

const ACCOUNTS: readonly SimAccount[] = [
  { name: "Administrator", password: "desk", administrator: true },
  ...["alice", "bob", "carol", "dave"].map((name) => ({ name, password: "", administrator: false })),
];

/** As a machine leaves the factory. */
export const FACTORY_POLICY: SimPolicy = {
  loginService: "local",
  domains: [],
  departments: { on: false, ids: [] },
  groups: [
    { id: "1", name: "Sales", members: ["alice", "bob"] },
    { id: "2", name: "Service", members: ["carol"] },
  ],
};

interface Parts {
  readonly random: Random;
  readonly accounts?: readonly SimAccount[];
  readonly policy?: SimPolicy;
  /** As in scram-proof.ts. */
  readonly iterations?: number;
}

export class SimUsers implements Users {
  readonly #random: Random;
  readonly #proofSettings: { readonly iterations?: number };
  readonly #accounts: Map<string, SimAccount>;
  readonly #proofs = new Map<string, AccountProof>();
  readonly #logins = new Listeners<LoggedIn>();
  readonly #logouts = new Listeners<LoggedIn>();
  readonly #policies = new Listeners<AuthenticationAndGroups>();
  /** Logins and logouts come one after the other, also where a card and a password meet. */
  readonly #serial = new Serial();
  /** Makes an import of group settings durable; a machine without a data folder has none to keep. */
  keepPolicy: (policy: SimPolicy) => void = () => undefined;
  #policy: SimPolicy;
  #loggedIn: SimAccount | undefined;

  constructor({ random, accounts = ACCOUNTS, policy = FACTORY_POLICY, iterations }: Parts) {
    this.#random = random;
    this.#proofSettings = iterations === undefined ? {} : { iterations };
    this.#accounts = new Map(accounts.map((account) => [accountKey(account.name), account]));
    this.#policy = policy;
  }

  async accounts(): Promise<readonly Account[]> {
    return [...this.#accounts.values()].slice(0, ACCOUNTS_SHOWN_MAX).map(({ name, password }) => ({
      owner: ownerOfName(name),
      displayName: name,
      needsPassword: password !== "",
    }));
  }

  async logIn(owner: Owner, password: string): Promise<"logged-in" | "wrong-password" | "unknown-user"> {
    const account = [...this.#accounts.values()].find(({ name }) => ownerOfName(name) === owner);
    if (account === undefined) return "unknown-user";
    if (account.password !== password) return "wrong-password";
    return await this.#serial.run<"logged-in">(async () => {
      this.#logOutNow();
      this.#loggedIn = account;
      this.#logins.tell(this.#seen(account));
      return "logged-in";
    });
  }

  /** Knob: somebody shows a card, which names the account in any letter case and needs no password. */
  async showCard(name: string): Promise<"logged-in" | "unknown-user"> {
    const account = this.#accounts.get(accountKey(name));
    if (account === undefined) return "unknown-user";
    return (await this.logIn(ownerOfName(account.name), account.password)) === "logged-in" ? "logged-in" : "unknown-user";
  }

  logOut(): Promise<void> {
    return this.#serial.run(async () => this.#logOutNow());
  }

  #logOutNow(): void {
    const account = this.#loggedIn;
    if (account === undefined) return;
    this.#loggedIn = undefined;
    this.#logouts.tell(this.#seen(account));
  }

  loggedIn(): LoggedIn | undefined {
    return this.#loggedIn === undefined ? undefined : this.#seen(this.#loggedIn);
  }

  onLogin(listener: (user: LoggedIn) => void): Unsubscribe {
    return this.#logins.add(listener);
  }

  onLogout(listener: (user: LoggedIn) => void): Unsubscribe {
    return this.#logouts.add(listener);
  }

  async prove(name: string): Promise<AccountProof | undefined> {
    const account = this.#accounts.get(accountKey(name));
    if (account === undefined) return undefined;
    const known = this.#proofs.get(account.name);
    if (known !== undefined) return known;
    const proof = scramProof({ ...account, ...this.#proofSettings, salt: this.#random(16) });
    this.#proofs.set(account.name, proof);
    return proof;
  }

  policy(): AuthenticationAndGroups {
    const { groups, ...rest } = this.#policy;
    return { ...rest, groups: groups.map(({ id, name }) => ({ id, name })) };
  }

  onPolicy(listener: (policy: AuthenticationAndGroups) => void): Unsubscribe {
    return this.#policies.add(listener);
  }

  async setGroupManagement({ departments, groups }: GroupManagement): Promise<void> {
    if (new Set(groups.map(({ id }) => id)).size < groups.length || groups.some(({ id }) => groupOwner(id) === undefined))
      throw new SyncError("hal-refused", "a group's ID is missing, is there twice, or cannot be one; no group was changed");
    const membersOf = new Map(this.#policy.groups.map(({ id, members }) => [id, members]));
    const policy = { ...this.#policy, departments, groups: groups.map(({ id, name }) => ({ id, name, members: membersOf.get(id) ?? [] })) };
    this.keepPolicy(policy);
    this.setPolicy(policy);
  }

  /** Knob: the administrator changes the authentication or group management settings; what is left out stays. */
  setPolicy(change: Partial<SimPolicy>): void {
    this.#policy = { ...this.#policy, ...change };
    this.#policies.tell(this.policy());
  }

  /** Knob: adds an account, or replaces the one of that name (a new password gives a new proof). */
  setAccount(account: SimAccount): void {
    this.#accounts.set(accountKey(account.name), account);
    this.#proofs.delete(account.name);
  }

  #seen({ name, administrator }: SimAccount): LoggedIn {
    const groups = this.#policy.groups.filter(({ members }) => members.includes(name));
    return {
      owner: ownerOfName(name),
      displayName: name,
      administrator,
      groups: groups.map(({ id }) => must(groupOwner(id), "a group's ID names an owner")),
    };
  }
}

const accountKey = (name: string): string => name.normalize("NFC").toLowerCase();
const ownerOfName = (name: string): Owner => must(userOwner(name), "an account's name names an owner");
