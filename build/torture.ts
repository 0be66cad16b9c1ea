/** `npm run torture`: plugs, power cuts, full disks, silent cables and wrong clocks, on real processes; test/torture/torture.ts. */
export { run } from "../test/torture/torture.ts";
