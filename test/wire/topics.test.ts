import test from "ava";
import { deviceId } from "../../src/model/ids.ts";
import { broadcastTopic, downTopic, maySubscribe, mayPublish, OWN_TOPICS, sharedTopics, upTopic } from "../../src/protocol/topics.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/version.ts";
import { MACHINE, SERVER } from "./samples.ts";

const OTHER = deviceId("cd".repeat(16));
const NAMES = sharedTopics(SERVER, MACHINE);

test("a client machine speaks on its own topic only", (t) => {
  t.true(mayPublish(NAMES, upTopic(SERVER, MACHINE)));
  const others = [
    upTopic(SERVER, OTHER),
    upTopic(OTHER, MACHINE),
    downTopic(SERVER, MACHINE),
    downTopic(SERVER, OTHER),
    broadcastTopic(SERVER, PROTOCOL_VERSION),
    "",
    "#",
    "$SYS/x",
    `${upTopic(SERVER, MACHINE)}/more`,
  ];
  for (const topic of others) t.false(mayPublish(NAMES, topic), topic);
});

test("it listens to what is said to itself and to all, and to nothing by a wildcard", (t) => {
  t.true(maySubscribe(NAMES, downTopic(SERVER, MACHINE)));
  t.true(maySubscribe(NAMES, broadcastTopic(SERVER, PROTOCOL_VERSION)));
  const others = [
    downTopic(SERVER, OTHER),
    downTopic(OTHER, MACHINE),
    upTopic(SERVER, MACHINE),
    upTopic(SERVER, OTHER),
    broadcastTopic(SERVER, PROTOCOL_VERSION + 1),
    broadcastTopic(SERVER, 0),
    broadcastTopic(OTHER, PROTOCOL_VERSION),
    "#",
    "+",
    `custom-settings-sync/${SERVER}/#`,
    `custom-settings-sync/${SERVER}/down/+`,
    `custom-settings-sync/+/down/${MACHINE}`,
    "",
  ];
  for (const topic of others) t.false(maySubscribe(NAMES, topic), topic);
});

test("on a connection that nobody shares the topics have no names of machines, and the full ones are not among them", (t) => {
  t.true(mayPublish(OWN_TOPICS, "up"));
  t.true(maySubscribe(OWN_TOPICS, "down"));
  t.true(maySubscribe(OWN_TOPICS, `all/${PROTOCOL_VERSION}`));
  for (const topic of ["down", "all/1", "", "#", upTopic(SERVER, MACHINE)]) t.false(mayPublish(OWN_TOPICS, topic), topic);
  for (const topic of ["up", "all", `all/${PROTOCOL_VERSION + 1}`, "+", downTopic(SERVER, MACHINE)])
    t.false(maySubscribe(OWN_TOPICS, topic), topic);
});

test("no two machines and no two fleets share a topic on one broker", (t) => {
  const topics = [SERVER, OTHER].flatMap((server) => [
    broadcastTopic(server, 1),
    broadcastTopic(server, 2),
    ...[MACHINE, OTHER, SERVER].flatMap((device) => [upTopic(server, device), downTopic(server, device)]),
  ]);
  t.is(new Set(topics).size, topics.length);
});
