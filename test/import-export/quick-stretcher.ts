/** The product's stretching at the least cost and at once: nothing in a simulated fleet waits beside the virtual time. */
import { scryptSync } from "node:crypto";
import { KEY_BYTES, type Stretcher, stretchingBytes } from "../../src/import-export/stretching.ts";

export const quickStretcher: Stretcher = {
  cost: { logN: 1, r: 1, p: 1 },
  key: async (passphrase, salt, cost) => {
    const { logN, r, p } = cost;
    return Uint8Array.from(scryptSync(passphrase.normalize("NFC"), salt, KEY_BYTES, { N: 2 ** logN, r, p, maxmem: stretchingBytes(cost) }));
  },
};
