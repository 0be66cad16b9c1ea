/** Redis as it is to be set up when nothing may be lost: every command is on the disk before it is answered. */
import { must } from "../../../../src/model/assert.ts";
import { Daemon, commandOf } from "../daemon.ts";
import type { ServerSite } from "../peer-fleet.ts";
import { DaemonServer, type PeerServer } from "../peer-server.ts";

export const redisServer = ({ dir, address, conditions, machine }: ServerSite): PeerServer =>
  new DaemonServer({
    daemon: new Daemon({
      command: must(commandOf("redis-server"), "the peer is not missing"),
      dir,
      address,
      prepare: () => [
        ...["--bind", address.host, "--port", String(address.port), "--dir", dir, "--protected-mode", "no"],
        ...["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--daemonize", "no"],
      ],
      environment: () => conditions.now.environment,
    }),
    helper: machine,
    helperStays: false,
  });
