/** A change for the machine's store whose value comes as text, and is parsed only when somebody asks for it (hal/item-store.ts). */
import type { AppliedChange } from "../../../hal/item-store.ts";
import type { Owner } from "../../model/owner.ts";
import type { Value } from "../../model/value.ts";

export class TextChange implements AppliedChange {
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
    // On the object itself and not on the class: a store may copy a change by spreading it, and the copy then has a value as well.
    Object.defineProperty(this, "value", READ);
  }
}

const READ: PropertyDescriptor = {
  enumerable: true,
  get(this: TextChange): Value {
    const { buffer, byteOffset, length } = this.text;
    return JSON.parse(Buffer.from(buffer, byteOffset, length).toString()) as Value;
  },
};
