/** The simulated machine's network menu, over what keeps and applies its settings. */
import { SyncError } from "../../src/model/errors.ts";
import type { NetworkChange, NetworkChoices, NetworkSettings, ProxyChange } from "../network-settings.ts";
import type { NetworkSettings as KeptNetwork } from "./control.ts";

/** Where the settings are kept; `set` is durable when it returns. */
export interface NetworkKeeper {
  get(): KeptNetwork;
  set(change: Partial<KeptNetwork>): void;
  checkTimeServer(): Promise<"answers" | "silent">;
}

export class SimNetworkSettings implements NetworkSettings {
  /** Knob: a machine without one keeps its settings as long as it has power. */
  keeper: NetworkKeeper = inMemory();

  choices(): NetworkChoices {
    const { proxy, proxyExcludesLocalhost, sntp } = this.keeper.get();
    const url = proxy === null || !URL.canParse(proxy) ? undefined : new URL(proxy);
    return {
      timeServer: sntp ?? "",
      proxy: url && { address: addressOf(url), user: decodeURIComponent(url.username), passwordSet: url.password !== "" },
      proxyExcludesLocalhost,
    };
  }

  async set({ timeServer, proxy, proxyExcludesLocalhost }: NetworkChange): Promise<void> {
    this.keeper.set({
      ...(timeServer === undefined ? {} : { sntp: timeServer === "" ? null : checked(timeServer) }),
      ...(proxy === undefined ? {} : { proxy: proxy === null ? null : this.#proxyUrl(proxy) }),
      ...(proxyExcludesLocalhost === undefined ? {} : { proxyExcludesLocalhost }),
    });
  }

  async checkTimeServer(): Promise<"answers" | "silent" | "off"> {
    return this.keeper.get().sntp === null ? "off" : await this.keeper.checkTimeServer();
  }

  #proxyUrl({ address, user, password }: ProxyChange): string {
    const url = new URL(`http://${checked(address)}`);
    const before = this.choices().proxy;
    const stays = before?.address === addressOf(url) && before.user === user;
    url.username = encodeURIComponent(user);
    url.password = password === undefined && stays ? new URL(this.keeper.get().proxy ?? "").password : encodeURIComponent(password ?? "");
    return url.href.replace(/\/$/, "");
  }
}

/** With its port also where that is the usual one, which a URL leaves out. */
const addressOf = (url: URL): string => (url.port === "" ? `${url.host}:80` : url.host);

/** `host`, `host:port` or `[IPv6 address]:port`. */
function checked(address: string): string {
  const match = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]/@?#\\%]+)(?::(\d{1,5}))?$/.exec(address);
  const port = Number(match?.[1] ?? 1);
  if (match === null || port < 1 || port > 65_535 || !URL.canParse(`http://${address}`))
    throw new SyncError("hal-refused", `${JSON.stringify(address).slice(0, 80)} is no address; nothing was changed`);
  return address;
}

function inMemory(): NetworkKeeper {
  let kept: KeptNetwork = { proxy: null, proxyExcludesLocalhost: true, sntp: null, networkPlaces: [] };
  return {
    get: () => kept,
    set: (change) => {
      kept = { ...kept, ...change };
    },
    checkTimeServer: () => Promise.resolve("silent"),
  };
}
