/** What every Network keeps: two machines that can reach each other. Run it on yours. */
import { createSocket, type Socket as Udp } from "node:dgram";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { ExecutionContext, TestFn } from "ava";
import type { Datagrams, Destination, Group, Incoming, Network, ProxySettings } from "../../hal/network.ts";
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

/** A listening server and one connection to it, both ends; `another` makes one more. */
async function pair(t: ExecutionContext, { server, client, port, destination }: NetworkFixture) {
  let arrived = deferred<Incoming>();
  const listener = await server.listen(port, (incoming) => arrived.resolve(incoming));
  t.teardown(() => listener.close());
  const another = async () => {
    arrived = deferred<Incoming>();
    const near = await client.connect(destination(port), never());
    const { stream: far, remoteAddress } = await arrived.promise;
    for (const stream of [near, far]) stream.on("error", () => undefined);
    return { near, far, remoteAddress };
  };
  return { listener, another, ...(await another()) };
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

  it("who was refused a taken port disturbs nobody: whoever has it goes on listening", async (t, f) => {
    const { near, far, another } = await pair(t, f);
    await rejects(t, "hal-refused", () => f.server.listen(f.port, () => t.fail("connected to the wrong one")));
    const second = await another();
    for (const one of [near, second.near]) one.write("still here");
    for (const other of [far, second.far]) t.is((await read(other, 10)).toString(), "still here");
    for (const one of [near, second.near]) one.destroy();
  });

  it("a stream that ended at one end closes at both, once the other has said what it had to say", async (t, f) => {
    const { near, far } = await pair(t, f);
    const closed = Promise.all([once(near, "close"), once(far, "close")]);
    near.resume();
    near.end("last words");
    t.is((await read(far, 10)).toString(), "last words");
    far.resume();
    await closed;
    t.true(near.destroyed && far.destroyed);
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
    datagrams.onMessage(() => t.fail("closed"));
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

  it("a question to a group reaches whoever has joined it, and an answer the one who asked", async (t, f) => {
    const group = groupAt(f.port);
    const [first, second] = [await f.server.joinGroup(group, { wakes: false }), await f.client.joinGroup(group, { wakes: true })];
    for (const [name, member] of [["first", first] as const, ["second", second] as const]) {
      const end = member.onMessage(() => t.fail("ended"));
      end();
      member.onMessage((bytes, from) => member.answer(Buffer.from(`${name} heard ${Buffer.from(bytes)}`), from));
    }
    const [asker, other] = [await f.client.askGroup(group, { hops: 1 }), await f.client.askGroup(group, { hops: 1 })];
    other.onMessage(() => t.fail("it did not ask"));
    const heard = new Set<string>();
    const all = deferred<void>();
    asker.onMessage((bytes, from) => {
      t.is(from.port, group.port);
      heard.add(Buffer.from(bytes).toString());
      if (heard.size === 2) all.resolve();
    });
    asker.ask(Buffer.from("who is there"));
    await all.promise;
    t.deepEqual([...heard].sort(), ["first heard who is there", "second heard who is there"]);
    for (const socket of [first, second, asker, other]) {
      socket.close();
      socket.close();
    }
    t.notThrows(() => asker.ask(Buffer.from("nobody hears this")));
    t.notThrows(() => first.answer(Buffer.from("nor this"), { host: "127.0.0.1", port: f.port }));
  });

  it("one who has left a group hears nothing of it any more", async (t, f) => {
    const group = groupAt(f.port);
    const [left, stays] = [await f.server.joinGroup(group, { wakes: false }), await f.client.joinGroup(group, { wakes: false })];
    left.onMessage(() => t.fail("it has left"));
    left.close();
    const heard = deferred<string>();
    stays.onMessage((bytes) => heard.resolve(Buffer.from(bytes).toString()));
    const asker = await f.client.askGroup(group, { hops: 1 });
    asker.ask(Buffer.from("anybody"));
    t.is(await heard.promise, "anybody");
    asker.close();
    stays.close();
  });

  it("a question into a cut cable is lost, and not kept for later", async (t, f) => {
    if (f.cut === undefined) return t.pass();
    const group = groupAt(f.port);
    const member = await f.server.joinGroup(group, { wakes: false });
    const asker = await f.client.askGroup(group, { hops: 1 });
    const heard: string[] = [];
    const later = deferred<void>();
    member.onMessage((bytes) => {
      heard.push(Buffer.from(bytes).toString());
      later.resolve();
    });
    f.cut(true);
    asker.ask(Buffer.from("into the dark"));
    await aWhile();
    f.cut(false);
    asker.ask(Buffer.from("in the light"));
    await later.promise;
    t.deepEqual(heard, ["in the light"]);
    asker.close();
    member.close();
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

  it("a cut cable is silence: no end of a stream is heard, in either direction, before it is mended", async (t, f) => {
    if (f.cut === undefined) return t.pass();
    const first = await pair(t, f);
    const second = await first.another();
    const seen: string[] = [];
    for (const [name, stream] of [["far", first.far] as const, ["near", second.near] as const]) {
      stream.on("data", (bytes) => seen.push(`${name} ${bytes}`)).on("end", () => seen.push(`${name} end`));
    }
    f.cut(true);
    first.near.end("last words");
    second.far.end("farewell");
    await aWhile();
    t.deepEqual(seen, []);
    t.false(first.far.destroyed || second.near.destroyed);
    f.cut(false);
    await Promise.all([once(first.far, "end"), once(second.near, "end")]);
    t.deepEqual([...seen].sort(), ["far end", "far last words", "near end", "near farewell"]);
    first.near.destroy();
    second.near.destroy();
  });

  it("a connection over a cut cable is not refused: it is silence until it is mended, or until it is given up", async (t, f) => {
    if (f.cut === undefined) return t.pass();
    const { near, listener } = await pair(t, f);
    near.destroy();
    f.cut(true);
    let settled = false;
    const giveUp = new AbortController();
    const connecting = f.client.connect(f.destination(f.port), never()).finally(() => {
      settled = true;
    });
    const givenUp = rejects(t, "hal-unavailable", () => f.client.connect(f.destination(f.port), giveUp.signal));
    await aWhile();
    t.false(settled, "neither refused nor open");
    giveUp.abort();
    await givenUp;
    f.cut(false);
    const stream = await connecting;
    stream.on("error", () => undefined).destroy();
    await listener.close();
  });

  it("a datagram into a cut cable is lost, and not kept for later", async (t, f) => {
    if (f.cut === undefined) return t.pass();
    const server = await udp(t);
    server.on("message", (bytes, { port, address }) => server.send(bytes, port, address));
    const datagrams = await f.client.datagrams({ host: "127.0.0.1", port: server.address().port });
    const heard: string[] = [];
    const later = deferred<void>();
    datagrams.onMessage((bytes) => {
      heard.push(Buffer.from(bytes).toString());
      later.resolve();
    });
    f.cut(true);
    datagrams.send(Buffer.from("into the dark"));
    await aWhile();
    f.cut(false);
    datagrams.send(Buffer.from("in the light"));
    await later.promise;
    t.deepEqual(heard, ["in the light"]);
    datagrams.close();
  });

  it("a changed proxy is told, not on registering, not after the end of it", async (t, { client, setProxy }) => {
    t.is(typeof client.proxy().proxyExcludesLocalhost, "boolean");
    if (setProxy === undefined) return;
    const heard: (string | undefined)[] = [];
    const end = client.onProxy(({ proxy }) => {
      heard.push(proxy);
      endOther();
    });
    const endOther = client.onProxy(() => t.fail("ended by the one before it"));
    setProxy({ proxy: "http://proxy.example:3128", proxyExcludesLocalhost: false });
    t.is(client.proxy().proxy, "http://proxy.example:3128");
    end();
    end();
    setProxy({ proxy: undefined, proxyExcludesLocalhost: true });
    t.deepEqual(heard, ["http://proxy.example:3128"]);
  });
}

/** Of a range that is for tests and documentation; the port keeps those of one test apart. */
const groupAt = (port: number): Group => ({ ipv4: "233.252.0.84", ipv6: "ff05::8443", port });

/** Some turns of Node: enough for what travels on this machine to arrive, if it is not held back. */
async function aWhile(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
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
