import { isNotFound } from './guards.ts';

/**
 * Asks for something that may be gone: what the service answers, or `undefined` where it says itself that there is no such thing, as
 * `isNotFound` has it. What a proxy or a wrong URL answers is thrown: it proves nothing.
 *
 * @throws whatever else the asking throws
 * @example
 * const server = await unlessGone(() => cloud.compute.servers.get({ id }));
 * if (server === undefined) console.log(`${id} was deleted`);
 */
export async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
