/**
 * Settings/Registration > Network, as far as the feature needs it: the time server without which no server function
 * starts (M06), and the proxy. They are the machine's own settings: it keeps them, and what follows from them is told by
 * the interfaces that it concerns (`Clock.onSntp`, `Network.onProxy`).
 */
export interface NetworkSettings {
  choices(): NetworkChoices;
  /**
   * An administrator changes what is named; what is left out stays as it is. Durable and in force when it resolves; all
   * of it or nothing. A time server that is set, be it the same, is asked at once. Rejects "hal-refused" for what is no
   * address.
   */
  set(change: NetworkChange): Promise<void>;
  /** [Check NTP Server]: asks the time server that is set, and sets no clock. Takes up to 10 s. */
  checkTimeServer(): Promise<"answers" | "silent" | "off">;
}

export interface NetworkChoices {
  /** [SNTP Settings]: an address or a host name, with a port or without; "": none is set. */
  readonly timeServer: string;
  /** undefined: none. A password is never given back. */
  readonly proxy: { readonly address: string; readonly user: string; readonly passwordSet: boolean } | undefined;
  readonly proxyExcludesLocalhost: boolean;
}

export interface NetworkChange {
  readonly timeServer?: string;
  /** null: none. */
  readonly proxy?: ProxyChange | null;
  readonly proxyExcludesLocalhost?: boolean;
}

export interface ProxyChange {
  /** `host:port` */
  readonly address: string;
  /** "": the proxy asks for no account. */
  readonly user: string;
  /** Left out: the one that is set stays, as long as address and user do; with another of them it is erased (B08). */
  readonly password?: string;
}
