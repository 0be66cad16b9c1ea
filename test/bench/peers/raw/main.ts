/** The process of a machine of `raw`. */
import { live } from "../role.ts";
import { RawClient } from "./client.ts";
import { RawServer } from "./server.ts";

await live((parts) => (parts.role === "server" ? RawServer.open(parts) : RawClient.open(parts)));
