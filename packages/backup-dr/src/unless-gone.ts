import { isNotFound } from '@groundcrew/core';

/** What was asked, or `undefined` of what there is not. @throws whatever else the service answers */
export async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
