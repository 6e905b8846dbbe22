import { GroundcrewError } from '@groundcrew/core';

/** A board did not answer, or did not carry out an order. */
export class BoardError extends GroundcrewError {
  readonly code = 'board';
  readonly host: string;

  constructor(
    host: string,
    message: string,
    options: { readonly cause?: unknown; readonly remedy?: string } = {},
  ) {
    super(`${host}: ${message}`, options);
    this.host = host;
  }
}

/** The entry of a host; a driver never uses that of another. */
export function boardOf<Entry>(boards: { readonly [host: string]: Entry }, host: string): Entry {
  if (!Object.hasOwn(boards, host))
    throw new BoardError(host, 'no board is configured for it', { remedy: "Add it to the driver's hosts." });
  return boards[host] as Entry;
}
