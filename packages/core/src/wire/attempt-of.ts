import type { SentRequest } from './exchange.ts';

const known = new WeakMap<Request, SentRequest>();

/** Tells what a `Request` that is handed to a `fetch` of the user's was made of: a recorder wants to know more than HTTP says. */
export const tellAttempt = (asked: Request, attempt: SentRequest): void => void known.set(asked, attempt);

/** What a `Request` was made of, if it is one of a client's calls. */
export const attemptOf = (asked: Request): SentRequest | undefined => known.get(asked);
