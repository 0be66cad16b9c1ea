/** The mutants of the engine, each of which the tests have to notice: `npm run mutants`. */
import { BESIDE } from "./beside.ts";
import { CONNECTING } from "./connecting.ts";
import { DECIDING } from "./deciding.ts";
import { DOUBTING } from "./doubting.ts";
import { EVICTING } from "./evicting.ts";
import { JOINING } from "./joining.ts";
import { KEEPING } from "./keeping.ts";
import type { Mutant } from "./mutant.ts";
import { OFFERING } from "./offering.ts";
import { PARTING } from "./parting.ts";
import { PIECES } from "./pieces.ts";
import { PURGING } from "./purging.ts";
import { PUSHING } from "./pushing.ts";
import { READING } from "./reading.ts";
import { REPLAYING } from "./replaying.ts";
import { SCOPES } from "./scopes.ts";
import { MENDING } from "./mending.ts";
import { SEGMENTED } from "./segments.ts";
import { SERVING } from "./serving.ts";
import { SESSIONS } from "./sessions.ts";
import { WELCOMING } from "./welcoming.ts";
import { WHO_WINS } from "./who-wins.ts";
import { HEIRS } from "./heirs.ts";
import { OVERTAKING } from "./overtaking.ts";
import { APPLYING } from "./applying.ts";
import { ACTING } from "./acting.ts";
import { LINES } from "./lines.ts";
import { LOSING } from "./losing.ts";
import { PLACES } from "./places.ts";
import { DIALLING } from "./dialling.ts";
import { SHOWING } from "./showing.ts";
import { ADOPTING } from "./adopting.ts";
import { REMAINING } from "./remaining.ts";
import { ASKING, LOOPING } from "./looping.ts";
import { MINDING } from "./minding.ts";
import { BOUNDING } from "./bounding.ts";
import { CARRYING } from "./carrying.ts";
import { STANDING } from "./standing.ts";
import { TALKING } from "./talking.ts";

export const MUTANTS: readonly Mutant[] = [
  ...WHO_WINS,
  ...PUSHING,
  ...SESSIONS,
  ...JOINING,
  ...KEEPING,
  ...SCOPES,
  ...EVICTING,
  ...PURGING,
  ...MENDING,
  ...SEGMENTED,
  ...DECIDING,
  ...SERVING,
  ...READING,
  ...REPLAYING,
  ...DOUBTING,
  ...OFFERING,
  ...PARTING,
  ...WELCOMING,
  ...CONNECTING,
  ...HEIRS,
  ...OVERTAKING,
  ...APPLYING,
  ...ACTING,
  ...BESIDE,
  ...LINES,
  ...LOSING,
  ...PIECES,
  ...PLACES,
  ...DIALLING,
  ...SHOWING,
  ...ADOPTING,
  ...REMAINING,
  ...LOOPING,
  ...ASKING,
  ...MINDING,
  ...TALKING,
  ...STANDING,
  ...CARRYING,
  ...BOUNDING,
];
