/**
 * `node build/run.mjs manifest-schema`: writes build/device-manifest.schema.json, so that an editor knows the manifest
 * as the runtime does. The runtime's own description is the source; a test fails when the file is older than it.
 */
import { writeFileSync } from "node:fs";
import { MANIFEST } from "../hal/runtime/manifest.ts";

export const SCHEMA_FILE = "build/device-manifest.schema.json";

export async function run(): Promise<number> {
  writeFileSync(SCHEMA_FILE, schemaText());
  console.log(`wrote ${SCHEMA_FILE}`);
  return 0;
}

export const schemaText = (): string =>
  `${JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", title: "device-manifest.json", ...jsonSchemaOf(MANIFEST) }, undefined, 2)}\n`;

/** The parts of a valibot schema that the manifest uses; another part is a bug here, and says so. */
interface Node {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly items?: readonly Node[];
  readonly item?: Node;
  readonly wrapped?: Node;
  readonly options?: readonly string[];
  readonly literal?: unknown;
  readonly pipe?: readonly Node[];
  readonly requirement?: unknown;
}

type JsonSchema = Readonly<Record<string, unknown>>;

function jsonSchemaOf(node: Node): JsonSchema {
  const [base, ...checks] = node.pipe ?? [node];
  const schema = baseOf(base ?? node);
  return Object.assign({}, schema, ...checks.map((check) => checkOf(check, schema.type === "array")));
}

function baseOf(node: Node): JsonSchema {
  switch (node.type) {
    case "strict_object":
      return objectOf(node.entries ?? {});
    case "array":
      return { type: "array", items: jsonSchemaOf(present(node.item)) };
    case "strict_tuple":
      return {
        type: "array",
        prefixItems: (node.items ?? []).map(jsonSchemaOf),
        minItems: node.items?.length,
        maxItems: node.items?.length,
      };
    case "optional":
      return jsonSchemaOf(present(node.wrapped));
    case "picklist":
      return { enum: node.options };
    case "literal":
      return { const: node.literal };
    case "record":
      return { type: "object" };
    case "string":
    case "number":
    case "boolean":
      return { type: node.type };
    default:
      throw new Error(`the manifest uses a ${node.type}, which this conversion does not know`);
  }
}

function objectOf(entries: Readonly<Record<string, Node>>): JsonSchema {
  const named = Object.entries(entries);
  return {
    type: "object",
    additionalProperties: false,
    required: named.filter(([, entry]) => entry.type !== "optional").map(([name]) => name),
    properties: Object.fromEntries(named.map(([name, entry]) => [name, jsonSchemaOf(entry)])),
  };
}

function checkOf(node: Node, isArray: boolean): JsonSchema {
  const { requirement } = node;
  switch (node.type) {
    case "min_length":
      return isArray ? { minItems: requirement } : { minLength: requirement };
    case "max_length":
      return { maxLength: requirement };
    case "min_value":
      return { minimum: requirement };
    case "max_value":
      return { maximum: requirement };
    case "safe_integer":
      return { type: "integer" };
    case "regex":
      return { pattern: requirement instanceof RegExp ? requirement.source : "" };
    case "uuid":
      return { format: "uuid" };
    case "check":
      // A relation between values has no word in JSON Schema; the runtime checks it.
      return {};
    default:
      throw new Error(`the manifest uses ${node.type}, which this conversion does not know`);
  }
}

function present(node: Node | undefined): Node {
  if (node === undefined) throw new Error("a schema without its inner schema");
  return node;
}
