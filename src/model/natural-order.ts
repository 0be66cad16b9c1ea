/** How people order names: numbers in them count as numbers, so that "printer-10" comes after "printer-9". */

/** Made once: making one takes longer than sorting with it, and the list of machines is sorted whenever somebody looks. */
const COLLATOR = new Intl.Collator("en", { numeric: true });

/** The same on every machine, whatever its language. */
export const naturalOrder: (a: string, b: string) => number = COLLATOR.compare;
