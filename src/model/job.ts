/** What a machine can be told to do, by the names that stand in buttons, in the timeline and in job settings. */
export const JOBS = ["copy", "fax", "scan-and-send", "scan-and-store", "access-stored-files"] as const;
export type JobName = (typeof JOBS)[number];

/** Whether this version knows the function; a button of a newer machine may name another. */
export const isJob = (job: string): job is JobName => JOBS.some((known) => known === job);
