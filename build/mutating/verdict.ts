/** What noticed a mutant, if anything did. */
export type Verdict =
  | { readonly kind: "killed"; readonly by: string; readonly what: string; readonly seed?: number }
  /** `tried`: so many tests, or seeds, hold with the mutant in the product. */
  | { readonly kind: "survived"; readonly tried: number };
