/** Stretching a passphrase to a key: slow on purpose, so that a file that was copied cannot be guessed open quickly. */
import { scrypt } from "node:crypto";

/** scrypt's cost: 2^logN blocks of 128 r bytes, p times. */
export interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** A parameter like time and chance: it computes beside the event loop, and simulated fleets bring one that does not. */
export interface Stretcher {
  /** What a new file costs; it is written into the file. */
  readonly cost: Cost;
  /** 32 bytes. */
  key(passphrase: string, salt: Uint8Array, cost: Cost): Promise<Uint8Array>;
}

export const KEY_BYTES = 32;

/** The largest cost that a file may ask for: 32 MiB and some seconds on a printer. */
export const COST_MAX: Cost = { logN: 15, r: 8, p: 16 };

/** Octets that scrypt takes at this cost, and a little for itself. */
export const stretchingBytes = ({ logN, r, p }: Cost): number => 128 * r * (2 ** logN + p) + 1024 * 1024;

/** 16 MiB for half a second: the least memory that is recommended against today's guessing hardware, five times over. */
export const scryptStretcher: Stretcher = {
  cost: { logN: 14, r: 8, p: 5 },
  key: (passphrase, salt, cost) =>
    new Promise((resolve, reject) => {
      const { logN, r, p } = cost;
      const options = { N: 2 ** logN, r, p, maxmem: stretchingBytes(cost) };
      scrypt(passphrase.normalize("NFC"), salt, KEY_BYTES, options, (error, key) => {
        if (error === null) resolve(Uint8Array.from(key));
        else reject(error);
      });
    }),
};
