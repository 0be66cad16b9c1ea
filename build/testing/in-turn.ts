/**
 * Tests that compute and wait for nothing real run one after another: what one of them made is garbage when the next one begins, and
 * what the processor has at hand is of one fleet and not of sixty. Scenarios take a quarter less processor time for it. Tests that wait
 * for sockets, processes or the clock stay side by side.
 */
import { resolve } from "node:path";
import type { Plugin } from "esbuild";

const COMPUTES = /[\\/]test[\\/](unit|wire|panel|import-export|scenario|crash|fleet)[\\/]/;
const SERIAL = 'import test from "ava"; export default Object.assign(test.serial, { serial: test.serial });';

/** Whether the tests of this file run one after another. */
export const isInTurn = (file: string): boolean => COMPUTES.test(resolve(file));

/** AVA, as these files find it. */
export const inTurn: Plugin = {
  name: "in turn",
  setup(building) {
    building.onResolve({ filter: /^ava$/ }, ({ importer }) => (isInTurn(importer) ? { path: "ava", namespace: "serial" } : undefined));
    building.onLoad({ filter: /.*/, namespace: "serial" }, () => ({ contents: SERIAL, loader: "js", resolveDir: "." }));
  },
};
