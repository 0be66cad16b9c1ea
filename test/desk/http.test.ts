import test from "ava";
import { Fields } from "../../hal/sim/desk/http/fields.ts";
import { checkOrigin } from "../../hal/sim/desk/http/guard.ts";
import { sortedJson } from "../../hal/sim/desk/http/json.ts";
import { Problem } from "../../hal/sim/desk/http/problem.ts";
import { type Route, findRoute, json } from "../../hal/sim/desk/http/router.ts";

const route = (method: Route["method"], path: string): Route => ({ method, path, answer: () => json(null) });
const LIST = route("GET", "/api/machines");
const ROUTES = [
  LIST,
  route("GET", "/api/machines/:number/items"),
  route("PUT", "/api/machines/:number/items"),
  route("DELETE", "/api/owners/:owner"),
];

test("a route is found with its parameters decoded", (t) => {
  const { params } = findRoute(ROUTES, "DELETE", "/api/owners/user%3AJ%C3%B6rg%2FX");
  t.is(params.get("owner"), "user:Jörg/X");
  t.is(findRoute(ROUTES, "HEAD", "/api/machines").route, LIST);
});

for (const [method, path, status, code] of [
  ["GET", "/api/nothing", 404, "not-found"],
  ["GET", "/api/machines/", 404, "not-found"],
  ["POST", "/api/machines/1/items", 405, "method-not-allowed"],
  ["DELETE", "/api/owners/%E0%A4%A", 400, "malformed"],
] as const) {
  test(`${method} ${path} is a ${status}`, (t) => {
    const problem = t.throws(() => findRoute(ROUTES, method, path), { instanceOf: Problem });
    t.is(problem?.status, status);
    t.is(problem?.code, code);
  });
}

test("a 405 names the methods that would do", (t) => {
  t.throws(() => findRoute(ROUTES, "POST", "/api/machines/1/items"), { message: /GET or PUT/ });
});

test("equal data are equal texts", (t) => {
  t.is(sortedJson({ b: [{ z: 1, a: { d: null, c: true } }], a: "x" }), '{"a":"x","b":[{"a":{"c":true,"d":null},"z":1}]}');
});

for (const headers of [
  { host: "127.0.0.1:8080" },
  { host: "localhost:8080", origin: "http://localhost:8080" },
  { host: "[::1]:8080", origin: "http://[::1]:8080" },
  {},
]) {
  test(`a request of this computer is let in: ${JSON.stringify(headers)}`, (t) => {
    t.notThrows(() => checkOrigin({ headers }));
  });
}

for (const headers of [
  { host: "evil.example:8080" },
  { host: "127.0.0.1.evil.example" },
  { host: "127.0.0.1:8080", origin: "http://evil.example" },
  { host: "127.0.0.1:8080", origin: "http://127.0.0.1:9999" },
  { host: "127.0.0.1:8080", origin: "null" },
  { host: "127.0.0.1:8080", origin: "https://127.0.0.1:8080" },
]) {
  test(`a request of a foreign page is refused: ${JSON.stringify(headers)}`, (t) => {
    const problem = t.throws(() => checkOrigin({ headers }), { instanceOf: Problem });
    t.is(problem?.status, 403);
  });
}

test("what is wrong with a field is said with its path", (t) => {
  t.throws(() => Fields.of([], "", ["a"]), { message: "the body: must be an object" });
  t.throws(() => Fields.of({ b: 1 }, "[3]", ["a"]), { message: /^\[3\]\.b: unknown field; known are a$/ });
  const fields = Fields.of({ a: "5" }, "x", ["a", "c"]);
  t.throws(() => fields.number("a", { min: 0, max: 9 }), { message: "x.a: must be a number from 0 to 9" });
  t.throws(() => fields.flag("c"), { message: "x.c: must be true or false" });
  t.throws(() => fields.oneOf("a", ["p", "q"]), { message: "x.a: must be one of p, q" });
  t.is(fields.number("c", { min: 0, max: 9, otherwise: 4 }), 4);
});
