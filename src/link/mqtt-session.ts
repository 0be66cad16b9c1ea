/** An MQTT session as a client has it, whoever is at the other end. */
import type { SyncError } from "../model/errors.ts";
import { BAD_USERNAME_OR_PASSWORD, IDENTIFIER_REJECTED, NOT_AUTHORIZED } from "./connack-codes.ts";

export interface MqttSession {
  /** Bytes of a session that has ended are dropped. */
  publish(topic: string, payload: Uint8Array): void;
  /** Resolves once, with what ended it; undefined when this side did. It never rejects. */
  readonly ended: Promise<SyncError | undefined>;
  drop(): void;
  /** Resolves when what was published has left (QoS 1: has been received by the broker), or the session has ended. */
  finish(): Promise<void>;
}

/** What a client listens to. */
export interface Subscriber {
  readonly clientId: string;
  readonly subscriptions: readonly string[];
  /** Of these at least one has to be granted, where there are any. */
  readonly eitherOf: readonly string[];
  /** A SyncError that it throws ends the session with it. */
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  /** Ends the session as long as it is not open. */
  readonly signal: AbortSignal;
}

const NOT_US: readonly unknown[] = [IDENTIFIER_REJECTED, BAD_USERNAME_OR_PASSWORD, NOT_AUTHORIZED];

/** Whether a CONNACK says that who we are is the matter; other refusals pass by themselves. */
export const isAboutUs = (code: unknown): boolean => NOT_US.includes(code);

/** `granted`: a code for each topic in this order, 1 where it is granted with QoS 1. */
export function isGranted(
  { subscriptions, eitherOf }: Pick<Subscriber, "subscriptions" | "eitherOf">,
  granted: readonly unknown[],
): boolean {
  if (granted.length !== subscriptions.length + eitherOf.length) return false;
  const either = granted.slice(subscriptions.length);
  return granted.slice(0, subscriptions.length).every((code) => code === 1) && (either.length === 0 || either.includes(1));
}

/** A broker grants less than what was asked for. */
export const NOT_GRANTED_TEXT = "the broker does not let this machine listen to its topics";
