/**
 * Topics. Each names the server machine, so that several fleets can share a broker; each machine has one to speak on
 * and two to listen to, by their full names. QoS 1, never retained, no wildcards.
 */
import type { DeviceId } from "../model/ids.ts";
import { SPOKEN } from "./version.ts";

const base = (server: DeviceId): string => `custom-settings-sync/${server}`;

/** What a client machine says to the server machine. */
export const upTopic = (server: DeviceId, device: DeviceId): string => `${base(server)}/up/${device}`;

/** What the server machine says to one client machine. */
export const downTopic = (server: DeviceId, device: DeviceId): string => `${base(server)}/down/${device}`;

/** What the server machine says to all, in the encoding of this version. */
export const broadcastTopic = (server: DeviceId, version: number): string => `${base(server)}/all/${version}`;

/** What the topics are called on the connection of one client machine. */
export interface TopicNames {
  readonly up: string;
  readonly down: string;
  readonly all: (version: number) => string;
}

/** The full names. */
export const sharedTopics = (server: DeviceId, device: DeviceId): TopicNames => ({
  up: upTopic(server, device),
  down: downTopic(server, device),
  all: (version) => broadcastTopic(server, version),
});

/** The names on a connection that nobody shares: whose they are say the certificates at its ends. */
export const OWN_TOPICS: TopicNames = { up: "up", down: "down", all: (version) => `all/${version}` };

/** What a client machine listens to of what goes to all: each version that it may come to speak. An older server grants fewer. */
export const topicsOfAll = ({ all }: TopicNames): readonly string[] =>
  Array.from({ length: SPOKEN.max - SPOKEN.min + 1 }, (_, index) => all(SPOKEN.min + index));

/** Whether a client machine, known to the broker by its certificate, may publish there. */
export const mayPublish = ({ up }: TopicNames, topic: string): boolean => topic === up;

/** Whether it may listen there: to what is said to itself, and to all in a version that we speak. */
export const maySubscribe = (names: TopicNames, topic: string): boolean => topic === names.down || topicsOfAll(names).includes(topic);
