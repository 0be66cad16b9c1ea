/** B02 B08: under which secrets what is kept of a password may still be opened: of every fleet that the machine has to do with, or had. */
import test from "ava";
import { must } from "../../../src/model/assert.ts";
import { openersOf } from "../../../src/roles/fleet-secrets.ts";
import { Travel } from "../../../src/roles/client/travel.ts";
import { Seal } from "../../../src/store/seal.ts";
import { seededRandom } from "../../link/lan.ts";
import { ALICE } from "./own-copy.ts";

const random = seededRandom("secrets");
const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const NAME = { owner: ALICE, item: "keychain", key: "k" };
const sealed = (byte: number) => new Travel(new Seal(secret(byte), random)).outgoing({ ...NAME, value: `of ${byte}` });

/** A machine that serves one fleet, is paired with another, and left others. */
const setup = ({
  served,
  paired,
  past = [],
}: {
  readonly served?: number;
  readonly paired?: number;
  readonly past?: readonly number[];
}) => ({
  state: { client: paired === undefined ? undefined : { paired: { fleetSecret: secret(paired) } } },
  pastSecrets: async () => past.map(secret),
  servedSecret: async () => (served === undefined ? undefined : secret(served)),
  unseal: async (bytes: Uint8Array) => bytes,
});

/** By number, what each opener opens: "1" the values sealed in fleet 1. */
async function opened(of: Parameters<typeof setup>[0], copy?: number): Promise<string[]> {
  const own = copy === undefined ? undefined : { travel: new Travel(new Seal(secret(copy), random)) };
  const openers = await openersOf(own as never, { setup: setup(of) as never, random });
  const opens = (opener: Travel, byte: number): boolean => {
    try {
      return opener.incoming(NAME, must(sealed(byte), "it travels"), undefined) === `of ${byte}`;
    } catch {
      return false;
    }
  };
  return openers.map((opener) => [1, 2, 3, 4].filter((byte) => opens(opener, byte)).join());
}

test("B02 B08 what was sealed is opened in the fleet of the client first, then in the one that is served, then in those that were left", async (t) => {
  t.deepEqual(await opened({ served: 1, paired: 2, past: [3, 4] }), ["2", "1", "3", "4"]);
  t.deepEqual(await opened({ served: 1, past: [4] }), ["1", "4"]);
  t.deepEqual(await opened({ paired: 2 }), ["2"]);
  t.deepEqual(await opened({}), []);
  t.deepEqual(await opened({ served: 1 }, 3), ["3", "1"], "as the client that works has it");
});
