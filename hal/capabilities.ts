/**
 * The interfaces of the HAL by name and version, as `device-manifest.json` asks for them and a provider offers them.
 * A version rises when a promise of the interface changes in a way that a module could notice.
 */
export const CAPABILITIES = [
  "address-book@1",
  "clock@1",
  "device@1",
  "jobs@1",
  "network@1",
  "network-settings@1",
  "panel@1",
  "power@1",
  "restrictions@3",
  "settings@1",
  "storage@1",
  "users@2",
] as const;
