/** mosquitto as Debian has it, with persistence. What it has acknowledged since it last saved is lost when it is killed. */
import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { must } from "../../../../src/model/assert.ts";
import { Daemon, commandOf } from "../daemon.ts";
import type { ServerSite } from "../peer-fleet.ts";
import { DaemonServer, type PeerServer } from "../peer-server.ts";

export const mosquittoServer = ({ dir, address, conditions, machine }: ServerSite): PeerServer =>
  new DaemonServer({
    daemon: new Daemon({
      command: must(commandOf("mosquitto"), "the peer is not missing"),
      dir,
      address,
      prepare: () => {
        const file = join(dir, "mosquitto.conf");
        const lines = [
          `listener ${address.port} ${address.host}`,
          "allow_anonymous true",
          "set_tcp_nodelay true",
          "persistence true",
          `persistence_location ${dir}/`,
          // Whoever joins is sent everything at once, however much it is.
          "max_queued_messages 0",
          "max_inflight_messages 0",
          `user ${userInfo().username}`,
          "log_type none",
        ];
        writeFileSync(file, `${lines.join("\n")}\n`);
        return ["-c", file];
      },
      environment: () => conditions.now.environment,
    }),
    helper: machine,
    helperStays: true,
  });
