/** What the tour says. Names are those of printers; `button` is what is written on a button. */

export interface TourStepTexts {
  readonly title: string;
  readonly text: string;
  /** Said once it is done; "" where the next step says it. */
  readonly done: string;
}

export interface TourNames {
  readonly server: string;
  /** Two printers that are not the server machine; the same one twice where there is one only. */
  readonly first: string;
  readonly second: string;
  readonly user: string;
  readonly button: string;
}

export interface TourTexts {
  readonly heading: string;
  readonly start: string;
  readonly resume: (step: number, of: number) => string;
  readonly leave: string;
  readonly again: string;
  readonly step: (step: number, of: number) => string;
  readonly showMe: string;
  readonly doIt: string;
  readonly skip: string;
  readonly working: string;
  readonly backTo: string;
  /** What is written on the buttons that "do it for me" makes. */
  readonly names: { readonly [which in "scan" | "copy" | "fax" | "mail" | "store"]: string };
  readonly steps: {
    readonly [step in "fleet" | "button" | "elsewhere" | "cut" | "both" | "mend" | "plug" | "power" | "sleep" | "wake" | "end"]: (
      names: TourNames,
    ) => TourStepTexts;
  };
}
