import { answersInRow, workersOf } from './cinder-workers.ts';
import type { LevelCoverage } from './coverage.ts';
import type { CinderTarget } from './level-target.ts';

/**
 * What is known of the processes of each host once answers were heard.
 *
 * @param agreed - the hosts whose answers agreed, often enough in a row
 * @param states - whether the service of each host is up; `undefined` of the API, which is in no list of services
 */
export function cinderCoverage(
  target: CinderTarget,
  hosts: Iterable<string>,
  agreed: ReadonlySet<string>,
  states: ReadonlyMap<string, boolean> = new Map(),
): LevelCoverage {
  const { service: binary } = target;
  const workers = workersOf(target);
  const inRow = answersInRow(target);
  const down = [...states].flatMap(([host, up]) => (up ? [] : [`${binary} on ${host}`]));
  const unverifiable: string[] = [];
  let asked = 0;
  let confirmed = 0;
  for (const host of hosts) {
    if (states.get(host) === false) continue;
    const count = workers ?? 1;
    asked += count;
    const name = `${binary} on ${host}`;
    if (!agreed.has(host)) {
      unverifiable.push(`${name}: its answers do not agree`);
      continue;
    }
    confirmed += 1;
    if (workers === null)
      unverifiable.push(`${name}: nobody told how many workers it has; ${inRow} answers in a row agree`);
    else if (count > 1)
      unverifiable.push(`${name}: ${count - 1} of ${count} workers; ${inRow} answers in a row agree`);
  }
  return { asked, confirmed, unverifiable, down };
}
