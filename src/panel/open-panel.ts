/** The panel with what it says: the part of the module that a machine loads for the person in front of it. */
import { PanelApp } from "./panel-app.ts";
import type { PanelParts } from "./panel-run.ts";
import { loadLanguages } from "./texts/load-languages.ts";

export type OpenPanel = (given: Omit<PanelParts, "texts">) => Promise<PanelApp>;

export const openPanel: OpenPanel = async (given) => new PanelApp({ ...given, texts: await loadLanguages() });
