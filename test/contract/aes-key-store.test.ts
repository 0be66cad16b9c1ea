/** The key store of a machine whose platform has none: what makes its seals safe. */
import test from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";

test("no nonce is used twice, though many are drawn together", async (t) => {
  let drawn = 0;
  const random = (bytes: number) =>
    Uint8Array.from({ length: bytes }, (_, at) => {
      drawn += at % 12 === 0 ? 1 : 0;
      return at % 12 === 0 ? drawn : 7;
    });
  const store = aesKeyStore({ key: new Uint8Array(32).fill(9), random });
  const secret = Buffer.from("one and the same");
  const sealed = await Promise.all(Array.from({ length: 100 }, () => store.seal(secret)));
  t.is(new Set(sealed.map((bytes) => Buffer.from(bytes.subarray(1, 13)).toString("hex"))).size, 100);
  t.is(new Set(sealed.map((bytes) => Buffer.from(bytes.subarray(13)).toString("hex"))).size, 100);
  for (const bytes of sealed) t.deepEqual(await store.open(bytes), Uint8Array.from(secret));
});

test("what was sealed before is opened: the number 1, nonce, tag, ciphertext", async (t) => {
  const store = aesKeyStore({ key: new Uint8Array(32).fill(9), random: (bytes) => new Uint8Array(bytes).fill(3) });
  const sealed = await store.seal(Buffer.from("secret"));
  t.is(Buffer.from(sealed).toString("hex"), EARLIER);
  t.deepEqual(Buffer.from(await store.open(sealed)).toString(), "secret");
});

const EARLIER = "0103030303030303030303030378dc7d69d9eea8eeffbeb045602e1e17a2f1880030c8";
