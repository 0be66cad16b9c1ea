import test from "ava";
import { hostileStories } from "./stories.ts";

const MESSAGES = 1_500;

for (const { name, run } of hostileStories) {
  test(`${name}: ${MESSAGES} messages that should not be said stop nobody`, async (t) => {
    const { failure, said, answered } = await run(MESSAGES, 1);
    t.is(failure, undefined);
    t.true(said > MESSAGES / 2 && answered > 20, `${said} said, ${answered} answered`);
  });
}
