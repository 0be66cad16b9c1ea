/** Whether an error of the file system says that the file is not there. */
export const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
