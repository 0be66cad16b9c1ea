/** What every Users keeps, for a machine that has the named accounts. */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import type { ExecutionContext, TestFn } from "ava";
import type { Users } from "../../hal/users.ts";
import type { Owner } from "../../src/model/owner.ts";
import { ownerNamed } from "./item-store-samples.ts";

export interface UsersFixture {
  readonly users: Users;
  readonly administrator: { readonly name: string; readonly owner: Owner; readonly password: string };
  /** Somebody without administrator rights. */
  readonly person: { readonly name: string; readonly owner: Owner; readonly password: string; readonly groups: readonly Owner[] };
  /** The administrator of the machine changes the login service. Undefined where a test cannot. */
  readonly changePolicy: ((loginService: string) => void) | undefined;
  /** The machine after a loss of power. Undefined where a test cannot take it away. */
  readonly restart: (() => Promise<Users>) | undefined;
}

export function usersContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<UsersFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: UsersFixture) => Promise<unknown>): void =>
    test(`${name}: ${title}`, async (t) => body(t, await create(t)));

  it("accounts are offered with what the panel needs, at most 200", async (t, { users, administrator, person }) => {
    const accounts = await users.accounts();
    t.true(accounts.length >= 2 && accounts.length <= 200);
    t.is(accounts.find(({ owner }) => owner === administrator.owner)?.needsPassword, administrator.password !== "");
    t.is(accounts.find(({ owner }) => owner === person.owner)?.needsPassword, person.password !== "");
    for (const { displayName } of accounts) t.true(displayName.length > 0);
  });

  it("a login is told, with the groups, and a logout", async (t, { users, person }) => {
    const heard: string[] = [];
    users.onLogin(({ owner }) => heard.push(`in ${owner} ${users.loggedIn()?.owner}`));
    users.onLogout(({ owner }) => heard.push(`out ${owner} ${users.loggedIn()?.owner}`));
    t.is(users.loggedIn(), undefined);
    t.is(await users.logIn(person.owner, person.password), "logged-in");
    t.is(users.loggedIn()?.administrator, false);
    t.deepEqual(users.loggedIn()?.groups, person.groups);
    await users.logOut();
    await users.logOut();
    t.deepEqual(heard, [`in ${person.owner} ${person.owner}`, `out ${person.owner} undefined`]);
  });

  it("one user at most is logged in: the one before is logged out first", async (t, { users, administrator, person }) => {
    const heard: string[] = [];
    users.onLogin(({ owner }) => heard.push(`in ${owner}`));
    users.onLogout(({ owner }) => heard.push(`out ${owner}`));
    await users.logIn(person.owner, person.password);
    await users.logIn(administrator.owner, administrator.password);
    t.is(users.loggedIn()?.administrator, true);
    t.deepEqual(heard, [`in ${person.owner}`, `out ${person.owner}`, `in ${administrator.owner}`]);
  });

  it("two logins at the same moment come one after the other: each one in is out before the next", async (t, f) => {
    const heard: string[] = [];
    f.users.onLogin(({ owner }) => heard.push(`in ${owner}`));
    f.users.onLogout(({ owner }) => heard.push(`out ${owner}`));
    const { person, administrator } = f;
    await Promise.all([
      f.users.logIn(person.owner, person.password),
      f.users.logIn(administrator.owner, administrator.password),
      f.users.logIn(person.owner, person.password),
    ]);
    await f.users.logOut();
    t.is(f.users.loggedIn(), undefined);
    let inside: string | undefined;
    for (const line of heard) {
      const [what, owner] = line.split(" ");
      if (what === "in") {
        t.is(inside, undefined, heard.join());
        inside = owner;
      } else {
        t.is(inside, owner, heard.join());
        inside = undefined;
      }
    }
    t.is(inside, undefined);
  });

  it("a wrong password or an unknown user logs nobody in, and nobody out", async (t, { users, administrator, person }) => {
    await users.logIn(person.owner, person.password);
    t.is(await users.logIn(administrator.owner, `${administrator.password}x`), "wrong-password");
    t.is(await users.logIn(ownerNamed("user:nobody-at-all"), ""), "unknown-user");
    t.is(await users.logIn(ownerNamed("common"), ""), "unknown-user");
    t.is(users.loggedIn()?.owner, person.owner);
  });

  it("a listener ends at once, and ending it twice is harmless", async (t, { users, person }) => {
    const end = users.onLogin(() => t.fail("ended"));
    end();
    end();
    t.is(await users.logIn(person.owner, person.password), "logged-in");
  });

  it("an account's proof is by its name as people type it, and says whether it is an administrator's", async (t, {
    users,
    administrator,
    person,
  }) => {
    t.is(await users.prove("nobody-at-all"), undefined);
    const mine = await users.prove(person.name);
    if (mine?.kind === "scram-sha-256") t.false(mine.administrator);
    const proof = await users.prove(administrator.name);
    if (proof === undefined) return t.fail("no proof");
    if (proof.kind === "password") {
      t.is(await proof.check(administrator.password), "administrator");
      t.is(await proof.check(`${administrator.password}x`), "wrong");
      return;
    }
    t.true(proof.administrator);
    t.true(proof.salt.length >= 8 && proof.iterations >= 4_096);
    const salted = pbkdf2Sync(administrator.password, proof.salt, proof.iterations, 32, "sha256");
    const clientKey = createHmac("sha256", salted).update("Client Key").digest();
    t.deepEqual(Buffer.from(proof.storedKey), createHash("sha256").update(clientKey).digest());
    t.deepEqual(Buffer.from(proof.serverKey), createHmac("sha256", salted).update("Server Key").digest());
    t.deepEqual(await users.prove(administrator.name), proof, "the salt stays, so that a proof can be begun and ended");
  });

  it("the settings of authentication and groups are told when they change; members and passwords are not among them", async (t, f) => {
    const policy = f.users.policy();
    t.true(policy.loginService.length > 0);
    t.notRegex(JSON.stringify(policy), new RegExp(`${f.person.name}|${f.administrator.password}`));
    if (f.changePolicy === undefined) return;
    const heard: string[] = [];
    const end = f.users.onPolicy(({ loginService }) => heard.push(loginService));
    f.changePolicy("directory");
    end();
    f.changePolicy("local");
    t.deepEqual(heard, ["directory"]);
    t.is(f.users.policy().loginService, "local");
  });

  it("group settings that are imported replace the machine's own; members of a group that stays are kept, and it is told", async (t, f) => {
    const before = f.users.policy();
    const [group = ""] = f.person.groups;
    const kept = before.groups.find(({ id }) => group === `group:${id}`);
    if (kept === undefined) return t.fail("the person's group is among them");
    const heard: number[] = [];
    f.users.onPolicy(({ groups }) => heard.push(groups.length));
    const settings = {
      departments: { on: true, ids: ["0000321"] },
      groups: [
        { id: kept.id, name: "Renamed" },
        { id: "77", name: "New" },
      ],
    };
    await f.users.setGroupManagement(settings);
    t.deepEqual(f.users.policy(), { ...before, ...settings });
    t.deepEqual(heard, [2]);
    await f.users.logIn(f.person.owner, f.person.password);
    t.true(f.users.loggedIn()?.groups.includes(ownerNamed(group)));
    const again = await f.restart?.();
    if (again !== undefined) t.deepEqual(again.policy(), f.users.policy(), "durable when it resolves");
    const twice = { ...settings, groups: [...settings.groups, { id: "77", name: "Again" }] };
    await t.throwsAsync(f.users.setGroupManagement(twice), { code: "hal-refused" });
    t.deepEqual(f.users.policy(), { ...before, ...settings });
    t.deepEqual(heard, [2]);
  });
}
