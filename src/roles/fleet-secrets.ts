/**
 * The secrets under which a record of this machine's history may be sealed: of the fleet it is in, of the one it serves, and
 * of those it left while something of theirs is still kept (B02).
 */
import type { Random } from "../model/random.ts";
import { Seal } from "../store/seal.ts";
import { Travel } from "./client/travel.ts";
import type { Copy } from "./make-client.ts";
import type { Setup } from "./setup.ts";

/** One for each secret, that of the client that works first. */
export async function openersOf(
  copy: Copy | undefined,
  { setup, random }: { readonly setup: Setup; readonly random: Random },
): Promise<Travel[]> {
  const { client } = setup.state;
  const secrets = await setup.pastSecrets();
  const served = await setup.servedSecret();
  if (served !== undefined) secrets.unshift(served);
  if (client?.paired !== undefined) secrets.unshift(await setup.unseal(client.paired.fleetSecret));
  const travels = secrets.map((secret) => new Travel(new Seal(secret, random)));
  return copy === undefined ? travels : [copy.travel, ...travels];
}
