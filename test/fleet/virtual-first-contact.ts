/** The first contact over the virtual network: the server's identity is shown, the account proven, the machine pinned. */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Admission, Destination, FirstContact, Pairing } from "../../src/link/link.ts";
import type { AccountProof } from "../../hal/users.ts";
import { pause, unreachable } from "./virtual-dial.ts";
import type { Node, VirtualNetwork } from "./virtual-network.ts";
import type { Life } from "./virtual-time.ts";

interface Parts {
  readonly network: VirtualNetwork;
  readonly node: Node;
  readonly life: Life;
  readonly destination: Destination;
  /** Why a proxy on the way does not let through now (virtual-proxy.ts). */
  readonly fault: () => SyncError | "silent" | undefined;
  readonly signal: AbortSignal;
  readonly onReached: (() => void) | undefined;
}

export async function openFirstContact(parts: Parts): Promise<FirstContact> {
  const { network, node, destination } = parts;
  const target = network.nodeAt(destination.host);
  if (target === undefined && isIP(destination.host) === 0) throw nobodyIsCalled(destination);
  const fault = parts.fault();
  const silent =
    fault === "silent" ||
    target === undefined ||
    !target.powered ||
    network.isCut(node.name, target.name) ||
    network.isCut(target.name, node.name);
  await pause(parts.life, silent ? LIMITS.connectMs : network.latency(), parts.signal);
  if (fault instanceof SyncError) throw fault;
  if (silent || !target.wakeForConnection()) throw unreachable(destination, "no answer within 5 s");
  const serving = network.serverAt(target);
  const closed = network.closedAt(target);
  if (closed === undefined && (serving === undefined || serving.life.over)) throw unreachable(destination, "refused");
  parts.onReached?.();

  const proven = async (account: string, password: string): Promise<Refusal | Admission> => {
    await pause(parts.life, 2 * network.latency(), parts.signal);
    const still = network.serverAt(target);
    if (closed !== undefined) return closed;
    if (still === undefined || still.life.over || network.isCut(node.name, target.name))
      throw unreachable(destination, "the connection was lost");
    const proof = await target.users.prove(account);
    if (proof !== undefined && (await holds(proof, password))) return still.link.admission;
    still.link.admission.unproven?.(node.address);
    return { word: "account-refused" };
  };
  const prove = async (account: string, password: string): Promise<Refusal | Pairing> => {
    const admission = await proven(account, password);
    if ("word" in admission) return admission;
    const pinning = admission.pin({ device: node.identity, serialNumber: node.serialNumber, deviceName: node.deviceName });
    // A server that dies over it never answers.
    const late = pause(parts.life, LIMITS.connectMs, parts.signal).then(() => Promise.reject(unreachable(destination, "no answer")));
    late.catch(() => undefined);
    const pinned = await Promise.race([pinning, late]);
    await pause(parts.life, network.latency(), parts.signal);
    return "word" in pinned ? pinned : { server: target.identity, fleetSecret: pinned.fleetSecret };
  };
  const check: FirstContact["check"] = async (account, password, digests, whom) => {
    if (whom === "unconfirmed" && (await target.users.prove(account))?.kind === "password") return "untold";
    const admission = await proven(account, password);
    return "word" in admission ? admission : admission.differing(digests);
  };
  return { server: target.identity, closed, wallMs: target.wallMs, prove, check, close: () => {} };
}

/** As Node's resolver says it. */
function nobodyIsCalled({ host }: Destination): SyncError {
  const cause = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" });
  return new SyncError("server-unreachable", `${host} is not known`, { cause });
}

/** What SCRAM-SHA-256 would have come to: the password belongs to the stored key, and the account is an administrator's. */
async function holds(proof: AccountProof, password: string): Promise<boolean> {
  if (proof.kind === "password") return (await proof.check(password)) === "administrator";
  const salted = pbkdf2Sync(password.normalize("NFKC"), proof.salt, proof.iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest();
  return proof.administrator && timingSafeEqual(storedKey, proof.storedKey);
}
