import type { Cloud } from '@groundcrew/core';
import { serverIsThere } from './mend-revisions.ts';
import type { HypervisorDomain } from './orphan-sources.ts';

/** What is asked at once. */
const AT_ONCE = 8;

/** The guests whose server Nova does not know, each asked for by its id. */
export async function runningUnknown(
  cloud: Cloud,
  guests: readonly HypervisorDomain[],
  signal: AbortSignal,
): Promise<readonly HypervisorDomain[]> {
  const unknown: HypervisorDomain[] = [];
  const next = guests[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const guest of next) if (!(await serverIsThere(cloud, guest.id, signal))) unknown.push(guest);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return unknown;
}
