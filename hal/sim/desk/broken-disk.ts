/** Notes of the desk that help, and that nothing rests on: where a machine's folder is on a broken or full disk it goes on without them. */

/** Errors of the system are passed over; whatever else `write` throws is a defect, and thrown on. */
export function unlessDiskBroken(write: () => void): void {
  try {
    write();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
  }
}
