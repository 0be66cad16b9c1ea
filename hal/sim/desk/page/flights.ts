/** The dots on the cables, in the order of what happens: nothing leaves the server machine before it is drawn as arrived there. */
import type { Journey, Leg } from "./travels.ts";

export interface FlightParts {
  readonly send: (number: number, way: "to server" | "from server", arrive: () => void) => void;
  /** A change has come to a machine. */
  readonly arrive: (number: number) => void;
}

interface Flight {
  landed: boolean;
  /** Legs from the server machine that wait for the one to it. */
  readonly waiting: (() => void)[];
}

const FLIGHTS_MAX = 50;

export class Flights {
  readonly #parts: FlightParts;
  readonly #flights = new Map<string, Flight>();

  constructor(parts: FlightParts) {
    this.#parts = parts;
  }

  draw(leg: Leg): void {
    const { send, arrive } = this.#parts;
    switch (leg.kind) {
      case "made":
        this.#flight(leg.journey);
        return;
      case "accepted":
        send(leg.journey.from, "to server", () => this.#land(leg.journey));
        return;
      case "arrived":
        this.#afterLanding(leg.journey, () => send(leg.at, "from server", () => arrive(leg.at)));
        return;
      case "received":
        send(leg.at, "from server", () => arrive(leg.at));
        return;
    }
  }

  #flight(journey: Journey): Flight {
    const name = `${journey.from} ${journey.startedMs}`;
    const flight = this.#flights.get(name) ?? { landed: false, waiting: [] };
    this.#flights.set(name, flight);
    for (const old of [...this.#flights.keys()].slice(0, -FLIGHTS_MAX)) this.#flights.delete(old);
    return flight;
  }

  #land(journey: Journey): void {
    const flight = this.#flight(journey);
    flight.landed = true;
    for (const leg of flight.waiting.splice(0)) leg();
  }

  #afterLanding(journey: Journey, leg: () => void): void {
    const flight = this.#flight(journey);
    if (flight.landed) leg();
    else flight.waiting.push(leg);
  }
}
