/**
 * People at this machine: the login service's accounts and who is logged in at the panel.
 *
 * Names are canonical: the provider applies the letter-case rule of its login service before the module sees them.
 * One user at most is logged in. `groups` are the owners of the user groups the user belongs to.
 */
import type { Owner } from "../src/model/owner.ts";
import type { Unsubscribe } from "./hal.ts";

export interface LoggedIn {
  readonly owner: Owner;
  readonly displayName: string;
  readonly administrator: boolean;
  readonly groups: readonly Owner[];
}

/** The settings that must be the same on the machines of a fleet (M10); member lists and passwords are not among them. */
export interface AuthenticationAndGroups {
  readonly loginService: string;
  readonly domains: readonly string[];
  readonly departments: { readonly on: boolean; readonly ids: readonly string[] };
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

/** How an administrator's account can be proven from another machine without its password crossing the wire. */
export type AccountProof =
  | {
      readonly kind: "scram-sha-256";
      readonly administrator: boolean;
      readonly salt: Uint8Array;
      readonly iterations: number;
      readonly storedKey: Uint8Array;
      readonly serverKey: Uint8Array;
    }
  /** A directory that wants the password itself: it is asked for only inside the confirmed channel. */
  | { readonly kind: "password"; check(password: string): Promise<"administrator" | "user" | "wrong"> };

export interface Account {
  readonly owner: Owner;
  readonly displayName: string;
  /** Whether a password is asked for at the panel. */
  readonly needsPassword: boolean;
}

/** The group management settings, as files carry them from machine to machine (M34). */
export type GroupManagement = Pick<AuthenticationAndGroups, "departments" | "groups">;

export interface Users {
  /** The accounts to offer at the panel, in the order to offer them; at most 200. */
  accounts(): Promise<readonly Account[]>;
  /** Logs a user in at the panel (anybody else is logged out first). */
  logIn(owner: Owner, password: string): Promise<"logged-in" | "wrong-password" | "unknown-user">;
  logOut(): Promise<void>;
  loggedIn(): LoggedIn | undefined;
  onLogin(listener: (user: LoggedIn) => void): Unsubscribe;
  onLogout(listener: (user: LoggedIn) => void): Unsubscribe;
  /** The proof of an account by the name people type, undefined for an unknown one. */
  prove(name: string): Promise<AccountProof | undefined>;
  policy(): AuthenticationAndGroups;
  /**
   * An import by an administrator: replaces Department ID mode and IDs, and the groups with their names. Who is a member
   * of a group that stays is kept, for member lists are no part of it. Durable, and told by onPolicy, when it resolves;
   * rejects "hal-refused" for settings that this machine cannot have, and nothing was changed then.
   */
  setGroupManagement(settings: GroupManagement): Promise<void>;
  onPolicy(listener: (policy: AuthenticationAndGroups) => void): Unsubscribe;
}
