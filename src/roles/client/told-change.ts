/** A change of a machine's store that is told as text: who asks for its value is given what the text says (hal/item-store.ts). */
import type { AppliedChange } from "../../../hal/item-store.ts";
import type { Owner } from "../../model/owner.ts";
import type { Value } from "../../model/value.ts";

export class ToldChange implements AppliedChange {
  readonly owner: Owner;
  readonly item: string;
  readonly key: string;
  readonly text: Uint8Array;
  declare readonly value: Value;

  /** `text`: of a value that JSON says as it is (protocol/text-writer.ts). */
  constructor(owner: Owner, item: string, key: string, text: Uint8Array) {
    this.owner = owner;
    this.item = item;
    this.key = key;
    this.text = text;
    // Its own, as any value is: a store may copy a change as it likes, and the copy has a value.
    Object.defineProperty(this, "value", READ);
  }
}

const READ: PropertyDescriptor = {
  enumerable: true,
  get(this: ToldChange): Value {
    const { buffer, byteOffset, length } = this.text;
    return JSON.parse(Buffer.from(buffer, byteOffset, length).toString()) as Value;
  },
};
