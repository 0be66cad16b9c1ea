/** The knobs of the simulated item stores, as the ItemStore contract wants them. */
import type { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import type { ItemStoreFixture } from "./item-store-samples.ts";

export const knobsOf = ({ knobs }: Pick<SimItemStores, "knobs">): Pick<ItemStoreFixture, "shrink" | "lose"> => ({
  shrink: (item, entries) => void knobs.capacity.set(item, entries),
  lose: (item) => {
    knobs.unsupported = (change) => (change.item === item ? "the option for it is not installed" : undefined);
  },
});
