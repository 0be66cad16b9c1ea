import test from "ava";
import { DestinationReader, isLocal, parseDestination } from "../../../src/roles/destination.ts";

test("M09 an address or a host name, with port 8443 or none", (t) => {
  const rows: [text: string, host: string][] = [
    ["192.168.18.138", "192.168.18.138"],
    [" 192.168.18.138:8443 ", "192.168.18.138"],
    ["printer-1.example.com", "printer-1.example.com"],
    ["printer-1:8443", "printer-1"],
    ["fe80::65f0:82cb:b3d6:e6bc", "fe80::65f0:82cb:b3d6:e6bc"],
    ["[fe80::65f0:82cb:b3d6:e6bc]:8443", "fe80::65f0:82cb:b3d6:e6bc"],
    ["[::1]", "::1"],
    // Zone ids: a link-local address is one only together with the interface it is reached on.
    ["fe80::1%eth0", "fe80::1%eth0"],
    ["[fe80::1%eth0]:8443", "fe80::1%eth0"],
    ["[fe80::1%2]", "fe80::1%2"],
    ["2001:DB8::8443", "2001:DB8::8443"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["v6.server.example.com.", "v6.server.example.com."],
    ["localhost:8443", "localhost"],
  ];
  for (const [text, host] of rows) t.deepEqual(parseDestination(text, 8443), { host, port: 8443 }, text);
});

test("M09 any other port, and what is no address, is refused", (t) => {
  const texts = [
    "",
    " ",
    "192.168.1.2:443",
    "printer:80",
    "printer:",
    "[fe80::1]:443",
    "[fe80::1%eth0]:80",
    "[fe80::1]8443",
    "[fe80::1%]:8443",
    "fe80::1%",
    "fe80::1%eth0 x",
    "192.0.2.1%eth0",
    "[192.0.2.1]:8443",
    "::1::2",
    ":8443",
    "[printer]:8443",
    "fe80::1:8443:x",
    "1.2.3",
    "1.2.3.4.5",
    "a b",
    "-x",
    "http://printer",
    "x/y",
    `${"a".repeat(64)}.com`,
  ];
  for (const text of texts) t.is(parseDestination(text, 8443), undefined, JSON.stringify(text));
});

test("M04 localhost is the machine's own server, in each of its spellings", (t) => {
  for (const host of ["localhost", "LOCALHOST", "127.0.0.1", "::1"]) t.true(isLocal({ host, port: 8443 }), host);
  for (const host of ["127.0.0.11", "localhost.example.com", "10.0.0.1"]) t.false(isLocal({ host, port: 8443 }), host);
});

test("M09 a destination that stays the same is read once, another one or another port anew", (t) => {
  const reader = new DestinationReader();
  const first = reader.read("printer-1", 8443);
  t.deepEqual(first, { host: "printer-1", port: 8443 });
  t.is(reader.read("printer-1", 8443), first);
  t.deepEqual(reader.read("printer-2", 8443), { host: "printer-2", port: 8443 });
  t.deepEqual(reader.read("printer-2", 9000), { host: "printer-2", port: 9000 });
  t.is(reader.read("printer-2:8443", 9000), undefined);
  t.deepEqual(reader.read("printer-1", 8443), first);
});
