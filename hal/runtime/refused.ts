/** The runtime will not run this, for a reason that a person can do something about. Everything else is a fault, told with its stack. */
export class Refused extends Error {}
