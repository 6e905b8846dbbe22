import { type Duration, milliseconds } from '@groundcrew/ground';

/** A limit of time in milliseconds. `Infinity` is none, and `undefined` leaves it to whoever has the default. */
export const limitOf = (given: Duration | undefined): number | undefined =>
  given === undefined || given === Number.POSITIVE_INFINITY ? given : milliseconds(given);
