/** Calls of the desk's API from the page. One after the other for each machine, so that keys arrive as they were pressed. */

const under = new Map<string, Promise<unknown>>();

/** Says what went wrong, at the foot of the page. */
export function say(text: string): void {
  const said = document.getElementById("said");
  if (said === null) return;
  said.textContent = text;
  said.classList.toggle("shown", text !== "");
}

export function call(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<boolean> {
  const line = path.split("/")[2] ?? "";
  const done = (under.get(line) ?? Promise.resolve()).then(() => send(method, path, body));
  under.set(line, done);
  return done;
}

/** Resolves with whether it was done; a refusal is shown to the person. */
async function send(method: string, path: string, body: unknown): Promise<boolean> {
  try {
    const answer = await fetch(`/api${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (answer.ok) {
      say("");
      return true;
    }
    const { error }: { error?: string } = await answer.json();
    say(error ?? `${answer.status} ${answer.statusText}`);
  } catch (cause) {
    say(`the desk did not answer: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  return false;
}
