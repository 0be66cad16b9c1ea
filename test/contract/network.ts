/** What every Network keeps: two machines that can reach each other. Run it on yours. */
import { createSocket, type Socket as Udp } from "node:dgram";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { ExecutionContext, TestFn } from "ava";
import type { Datagrams, Destination, Incoming, Network, ProxySettings } from "../../hal/network.ts";
import { rejects } from "./throws.ts";

export interface NetworkFixture {
  /** Listens. */
  readonly server: Network;
  /** Connects. */
  readonly client: Network;
  /** A port for the server's module to name, free at the moment. */
  readonly port: number;
  /** Where the client reaches a port that the server's module named. */
  destination(port: number): Destination;
  /** Cuts and mends the client's cable. Undefined where a test cannot. */
  readonly cut: ((isCut: boolean) => void) | undefined;
  /** The administrator changes the proxy. Undefined where a test cannot. */
  readonly setProxy: ((settings: ProxySettings) => void) | undefined;
}

const never = (): AbortSignal => new AbortController().signal;

/** So many bytes of a stream. */
async function read(stream: Duplex, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = bytes;
  while (left > 0) {
    const chunk: Buffer | null = stream.read(Math.min(left, stream.readableLength || left));
    if (chunk === null) await once(stream, "readable");
    else {
      chunks.push(chunk);
      left -= chunk.length;
    }
  }
  return Buffer.concat(chunks);
}

/** A listening server and one connection to it, both ends. */
async function pair(t: ExecutionContext, { server, client, port, destination }: NetworkFixture) {
  const arrived = deferred<Incoming>();
  const listener = await server.listen(port, arrived.resolve);
  t.teardown(() => listener.close());
  const near = await client.connect(destination(port), never());
  near.on("error", () => undefined);
  const { stream: far, remoteAddress } = await arrived.promise;
  far.on("error", () => undefined);
  return { listener, near, far, remoteAddress };
}

export function networkContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<NetworkFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: NetworkFixture) => Promise<unknown>): void =>
    test(`${name}: ${title}`, async (t) => body(t, await create(t)));

  it("bytes arrive as they were sent, both ways, however many", async (t, f) => {
    const { near, far, remoteAddress } = await pair(t, f);
    t.regex(remoteAddress, /^[0-9a-f.:]+$/i);
    near.write("from near");
    far.write("from far");
    t.is((await read(far, 9)).toString(), "from near");
    t.is((await read(near, 8)).toString(), "from far");
    const much = Buffer.alloc(3 * 1024 * 1024, "0123456789");
    near.write(much);
    t.true((await read(far, much.length)).equals(much));
    near.destroy();
  });

  it("the end of a stream arrives after its bytes", async (t, f) => {
    const { near, far } = await pair(t, f);
    near.end("last words");
    const heard: Buffer[] = [];
    for await (const chunk of far) heard.push(chunk);
    t.is(Buffer.concat(heard).toString(), "last words");
    near.destroy();
  });

  it("a stream that is destroyed closes at the other end, and breaks nothing", async (t, f) => {
    const { near, far } = await pair(t, f);
    const closed = once(far, "close");
    far.resume();
    near.destroy();
    await closed;
    t.true(far.destroyed);
  });

  it("closing a listener destroys the streams that came through it; nobody gets in afterwards", async (t, f) => {
    const { listener, near } = await pair(t, f);
    near.resume();
    const closed = once(near, "close");
    await listener.close();
    await closed;
    await listener.close();
    await rejects(t, "hal-unavailable", () => f.client.connect(f.destination(f.port), AbortSignal.timeout(10_000)));
  });

  it("a port that is taken is refused, and free again after closing", async (t, { server, port }) => {
    const first = await server.listen(port, () => undefined);
    await rejects(t, "hal-refused", () => server.listen(port, () => undefined));
    await first.close();
    const second = await server.listen(port, () => undefined);
    await second.close();
  });

  it("a connection that nobody takes is unavailable", async (t, { client, port, destination }) => {
    await rejects(t, "hal-unavailable", () => client.connect(destination(port), never()));
  });

  it("an aborted connection rejects, also when it was aborted before", async (t, { client, port, destination }) => {
    await rejects(t, "hal-unavailable", () => client.connect(destination(port), AbortSignal.abort()));
    const giveUp = new AbortController();
    const connecting = rejects(t, "hal-unavailable", () => client.connect(destination(port), giveUp.signal));
    giveUp.abort();
    await connecting;
  });

  it("a signal that aborts after the connection stands does it no harm", async (t, f) => {
    const listener = await f.server.listen(f.port, ({ stream }) => void stream.on("error", () => undefined).pipe(stream));
    t.teardown(() => listener.close());
    const giveUp = new AbortController();
    const near = await f.client.connect(f.destination(f.port), giveUp.signal);
    giveUp.abort();
    near.write("still here");
    t.is((await read(near, 10)).toString(), "still here");
    near.destroy();
  });

  it("datagrams come from the other end alone", async (t, { client }) => {
    const [server, stranger] = [await udp(t), await udp(t)];
    server.on("message", (bytes, { port, address }) => {
      stranger.send("stranger", port, address, () => server.send(`answer to ${bytes}`, port, address));
    });
    const datagrams: Datagrams = await client.datagrams({ host: "127.0.0.1", port: server.address().port });
    const heard = deferred<string>();
    const end = datagrams.onMessage(() => t.fail("ended"));
    end();
    end();
    datagrams.onMessage((bytes) => heard.resolve(Buffer.from(bytes).toString()));
    datagrams.send(Buffer.from("question"));
    t.is(await heard.promise, "answer to question");
    datagrams.close();
    datagrams.close();
    t.notThrows(() => datagrams.send(Buffer.from("nobody hears this")));
  });

  it("a datagram to nobody is lost, and that is all", async (t, { client }) => {
    const gone = await udp(t);
    const { port } = gone.address();
    const datagrams = await client.datagrams({ host: "127.0.0.1", port });
    gone.close();
    await once(gone, "close");
    t.notThrows(() => {
      datagrams.send(Buffer.from("one"));
      datagrams.send(Buffer.from("two"));
    });
    datagrams.close();
  });

  it("a cut cable is silence: no stream ends by it, and what was sent arrives when it is mended", async (t, f) => {
    if (f.cut === undefined) return t.pass();
    const { near, far } = await pair(t, f);
    const seen: string[] = [];
    for (const stream of [near, far]) stream.on("close", () => seen.push("close")).on("end", () => seen.push("end"));
    f.cut(true);
    near.write("into the dark");
    await new Promise((resolve) => setImmediate(resolve));
    t.is(far.readableLength, 0);
    t.deepEqual(seen, []);
    f.cut(false);
    t.is((await read(far, 13)).toString(), "into the dark");
    near.destroy();
  });

  it("a changed proxy is told, not on registering, not after the end of it", async (t, { client, setProxy }) => {
    t.is(typeof client.proxy().proxyExcludesLocalhost, "boolean");
    if (setProxy === undefined) return;
    const heard: (string | undefined)[] = [];
    const end = client.onProxy(({ proxy }) => heard.push(proxy));
    setProxy({ proxy: "http://proxy.example:3128", proxyExcludesLocalhost: false });
    t.is(client.proxy().proxy, "http://proxy.example:3128");
    end();
    end();
    setProxy({ proxy: undefined, proxyExcludesLocalhost: true });
    t.deepEqual(heard, ["http://proxy.example:3128"]);
  });
}

async function udp(t: ExecutionContext): Promise<Udp> {
  const socket = createSocket("udp4");
  let open = true;
  socket.once("close", () => {
    open = false;
  });
  t.teardown(() => {
    if (open) socket.close();
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settled) => {
    resolve = settled;
  });
  return { promise, resolve };
}
