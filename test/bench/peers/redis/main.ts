/** The process of a machine of `redis`. */
import { live } from "../role.ts";
import { RedisClient } from "./client.ts";

await live((parts) => RedisClient.open(parts));
