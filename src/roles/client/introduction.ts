/** How a client machine introduces itself: its hello, and who is logged in. */
import type { Users } from "../../../hal/users.ts";
import type { JournalTime } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import type { Hello } from "../../protocol/hello.ts";
import { digest, digestOfNames, digestsOf } from "../digests.ts";
import type { ClientParts } from "./client-parts.ts";

type Introduced = Pick<ClientParts, "replica" | "description" | "users" | "run" | "protocol" | "names">;

/** `wantsAll`: it asks for a snapshot although it has a copy, as whoever joins does. */
export function helloOf(
  { replica, description, users, run, protocol, names }: Introduced,
  journalTime: JournalTime | undefined,
  wantsAll = false,
): Omit<Hello, "number"> {
  const { transfer, lineage } = replica.head;
  const position = wantsAll ? undefined : replica.position;
  const { serialNumber, deviceName, productName, location, capabilities } = description;
  return {
    kind: "hello",
    purpose: position === undefined ? "join" : "rejoin",
    run,
    protocol,
    position,
    partial: transfer === undefined ? undefined : { start: transfer.start, after: transfer.after },
    pending: replica.pending.ranges(),
    journalTime,
    device: { serialNumber, deviceName, productName, location },
    digests: { ...digestsOf(users.policy()), networkPlaces: digest(capabilities.networkPlaces) },
    loggedIn: loggedInAt(users),
    ...(lineage.length > 1 ? { lineage } : {}),
    names: digestOfNames(names.all()),
    ...(position === undefined ? {} : { follows: true }),
  };
}

/** The user at the panel, and the groups the user belongs to, as many as a message takes. */
export function loggedInAt(users: Pick<Users, "loggedIn">): Owner[] {
  const user = users.loggedIn();
  return user === undefined ? [] : [user.owner, ...user.groups].slice(0, LIMITS.loggedInMax);
}
