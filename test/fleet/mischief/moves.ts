/** The server machine gets another address, as from a router that was exchanged (M09). */
import type { Deed, Scene } from "./deed.ts";

export function moveDeeds({ fleet, acts, traits, laterBackUp }: Scene): Deed[] {
  let moves = 0;
  return [
    {
      name: "server machine has another address",
      // Whoever takes its place would tell it at the address that it had (B06).
      weight: traits.has("moves") && !traits.has("stand-in") ? 4 : 0,
      happens: (_, dice) => {
        const server = fleet.at("s");
        if (!server.on) return false;
        moves += 1;
        acts.moveServer(server, `10.0.1.${moves}`);
        laterBackUp(server, dice);
        return true;
      },
    },
  ];
}
