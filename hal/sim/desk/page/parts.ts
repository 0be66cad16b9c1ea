/** What the pieces of a drawn printer work with. */
import type { Announcer } from "./announcer.ts";
import type { Api } from "./api.ts";
import type { Texts } from "./texts/texts.ts";

export interface Parts {
  readonly texts: Texts;
  readonly api: Api;
  readonly announcer: Announcer;
}
