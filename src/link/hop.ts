/** One turn of the event loop: what libraries have put off with setImmediate until now has happened then. */
export const hopOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
