/** What the machine is. Fixed while the module runs, but for the name and the location. */
export interface Device {
  /** The maker's serial number: the identity of the hardware, which survives a lost key. 1-64 characters. */
  readonly serialNumber: string;
  /** [Product Name], [Device Name], [Location], as the machine's own pages show them. */
  readonly productName: string;
  readonly deviceName: string;
  readonly location: string;
  /** Versions and abilities of the model. A model without `server` is client-only (M01). */
  readonly capabilities: {
    readonly server: boolean;
    /** The order of the network places that keychain entries point at (M25); "" when there are none. */
    readonly networkPlaces: string;
  };
  /**
   * Seals small secrets (a private key, a fleet secret: at most 16 KiB) for this machine alone, as its platform's key
   * store does. `open` gives back exactly what was sealed, and throws "hal-refused" for bytes sealed elsewhere or changed.
   */
  readonly keyStore: {
    seal(secret: Uint8Array): Promise<Uint8Array>;
    open(sealed: Uint8Array): Promise<Uint8Array>;
  };
}
