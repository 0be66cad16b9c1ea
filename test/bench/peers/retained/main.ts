/** The process of a machine of `retained`. */
import { live } from "../role.ts";
import { RetainedClient } from "./client.ts";

await live((parts) => RetainedClient.open(parts));
