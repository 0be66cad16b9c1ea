/** What happens on the desk, in sentences: read off the difference between two drawings of a machine, and off journeys. */
import type { Drawing } from "./drawing.ts";
import type { Texts } from "./texts/texts.ts";
import type { Journey } from "./travels.ts";
import { thing } from "./words.ts";

/** Each is a sentence. */
export function changesOf(before: Drawing, now: Drawing, { news, sentence }: Texts): readonly string[] {
  const name = now.deviceName;
  const said: string[] = [];
  if (before.cable.connected !== now.cable.connected) said.push(now.cable.connected ? news.mended(name) : news.cut(name));
  if (before.phase !== now.phase) {
    if (now.phase === "off") said.push(news.wentOff(name));
    if (now.phase === "starting") said.push(news.isStarting(name));
    if (now.phase === "on" && before.phase === "starting") said.push(news.isOn(name));
  }
  if (sleeps(now) && before.power === "active") said.push(news.sleeps(name));
  if (now.power === "active" && sleeps(before)) said.push(news.woke(name));
  if (now.phase !== "off" && now.phase !== "starting" && before.user?.owner !== now.user?.owner)
    said.push(now.user === null ? news.loggedOut(name) : news.loggedIn(now.user.displayName, name));
  if (now.server?.state === "running" && before.server?.state !== "running") said.push(news.isServer(name));
  const state = now.client?.state;
  if (state !== before.client?.state) {
    if (state === "synchronized") said.push(news.isUpToDate(name));
    if (state === "offline" && before.client?.state === "synchronized" && !sleeps(now)) said.push(news.isOffline(name));
  }
  return said.map((each) => sentence(each));
}

/** The whole way of a change, as far as it has come. */
export function journeyText(journey: Journey, nameOf: (number: number) => string, texts: Texts): string {
  const { news } = texts;
  const parts = [news.changed(thing(journey.names, journey.more, texts), nameOf(journey.from))];
  // The server machine has it before anybody else does; that it has it may be heard here a little later.
  const serverMs = Math.min(journey.acceptedMs ?? Number.POSITIVE_INFINITY, ...journey.arrived.values());
  if (journey.acceptedMs !== undefined) parts.push(news.serverHasIt(Math.round(serverMs)));
  if (journey.arrived.size > 0) {
    const names = new Intl.ListFormat(texts.tag).format([...journey.arrived.keys()].sort((a, b) => a - b).map(nameOf));
    parts.push(news.isAt(names, Math.round(Math.max(...journey.arrived.values()))));
  }
  return texts.sentence(...parts);
}

const sleeps = ({ power }: Drawing): boolean => power === "partial-sleep" || power === "full-sleep";
