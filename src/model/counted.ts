/** How many of what, as English says it in logs, errors and the HTTP API; the panel's languages count by themselves. */
export const counted = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
