/** What `runbook` takes in seconds: the limit of a command, and that of a step. */
export const seconds = (ms: number): number => ms / 1_000;
