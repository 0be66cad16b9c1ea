/** How people order names: numbers in them count as numbers, so that "printer-10" comes after "printer-9". */

/** To be made once for each sorting; the same on every machine, whatever its language. */
export const naturalOrder = (): ((a: string, b: string) => number) => new Intl.Collator("en", { numeric: true }).compare;
