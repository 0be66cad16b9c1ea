/** What the tour does for a person who would rather look on. Each is what the person would have done, by the API. */
import type { Api, Method } from "./api.ts";
import type { Drawing } from "./drawing.ts";
import type { Texts } from "./texts/texts.ts";
import { cast, type Step, type TourState } from "./tour-steps.ts";

const ADMINISTRATOR = { account: "Administrator", password: "desk" };

export interface Help {
  readonly api: Api;
  readonly texts: Texts;
  readonly state: TourState;
  readonly drawings: readonly Drawing[];
}

/** Does what the step asks for. Whether it is done shows on the machines. */
export async function help(parts: Help): Promise<void> {
  const { state, drawings, api, texts } = parts;
  const actors = cast(state, drawings);
  if (actors === undefined || state.step === "end") return;
  const { server, first, second } = actors;
  const { names } = texts.tour;
  const call = (method: Method, { number }: Drawing, what: string, body: unknown) => api.call(method, `/machines/${number}/${what}`, body);
  const give = (to: Drawing, name: string) => call("PUT", to, "items", [personalButton(name, state)]);
  const deeds: { readonly [step in Exclude<Step, "end">]: () => Promise<unknown> } = {
    fleet: () => connect(parts, server),
    button: async () => (await call("POST", first, "login", { user: "alice" })) && (await give(first, names.scan)),
    elsewhere: () => call("POST", second, "login", { user: state.memo.button?.owner.replace(/^user:/, "") ?? "alice" }),
    cut: () => call("POST", first, "network", { connected: false }),
    both: () => Promise.all([give(first, names.copy), give(second, names.fax)]),
    mend: () => call("POST", first, "network", { connected: true }),
    plug: async () => (await call("POST", server, "power", { action: "pull-plug" })) && (await give(first, names.mail)),
    power: () => call("POST", server, "power", { action: "switch-on" }),
    sleep: async () => (await call("POST", second, "power", { action: "energy-saver" })) && (await give(first, names.store)),
    wake: () => call("POST", second, "keys", { keys: ["home"] }),
  };
  await deeds[state.step]();
}

/** The server machine first, for the others ask it for admission. What is connected already is left as it is. */
async function connect({ api, drawings }: Help, server: Drawing): Promise<void> {
  const set = (to: Drawing, change: object) => api.call("PUT", `/machines/${to.number}/synchronize`, change);
  const restart = (which: Drawing) => api.call("POST", `/machines/${which.number}/power`, { action: "restart" });
  const join = async (which: Drawing, change: object): Promise<boolean> => {
    if (which.client === null && !(await set(which, change))) return false;
    return which.client?.state === "synchronized" ? true : await restart(which);
  };
  const own = { ...(server.server === null ? { server: true } : {}), client: { destination: "localhost", ...ADMINISTRATOR } };
  if (!(await join(server, own))) return;
  const others = drawings.filter((each) => each !== server);
  await Promise.all(others.map((each) => join(each, { client: { destination: server.address, ...ADMINISTRATOR } })));
}

function personalButton(name: string, { step, memo }: TourState): object {
  const owner = memo.button?.owner ?? "user:alice";
  return {
    owner,
    item: "personal-button",
    key: `tour-${step}-${name}`.replaceAll(/[^A-Za-z0-9-]/g, "-").slice(0, 64),
    value: { name, function: "copy" },
  };
}
