/** What a desk tells as it happens: the server-sent events of `/api/events`, one by one. */
export interface DeskEvent {
  readonly kind: string;
  /** JSON. */
  readonly data: string;
}

/** Rejects when the desk cannot be reached, the connection breaks, or the signal aborts. */
export async function* deskEvents(url: string, signal: AbortSignal): AsyncGenerator<DeskEvent> {
  const answer = await fetch(`${url}/api/events`, { signal });
  const decoder = new TextDecoder();
  let unread = "";
  for await (const chunk of answer.body ?? []) {
    unread += decoder.decode(chunk, { stream: true });
    const events = unread.split("\n\n");
    unread = events.pop() ?? "";
    for (const event of events) yield { kind: /^event: (.*)$/m.exec(event)?.[1] ?? "", data: /^data: (.*)$/m.exec(event)?.[1] ?? "{}" };
  }
}
