import { compareMicroversions, mapList, observeList } from '@groundcrew/core';
import type { Gap, Observed } from '@groundcrew/ground';
import { FLOOR, type ReadContext } from './read-lists.ts';
import type { Wire } from './tenant-point.ts';
import { textOf, toWire } from './wire.ts';

/** The version since which an administrator may ask for another user's key pairs. */
const OF_OTHERS = '2.10';

/** The id that a point gives a key pair: its name is unique among those of its user. */
export const keypairId = (user: string, name: string): string => `${user}/${name}`;

/**
 * Reads the key pairs that the servers of a project name. They belong to users, not to the project: those of this user are one
 * list, those of each other user another one, which only administrators are shown.
 */
export async function readKeypairs(
  { cloud, whose, compute, read }: ReadContext,
  servers: readonly Wire[],
): Promise<Observed<readonly Wire[]>> {
  const clock = { now: () => cloud.clock.now() };
  const wanted = new Map<string, Set<string>>();
  for (const server of servers) {
    const [user, name] = [textOf(server['user_id']), textOf(server['key_name'])];
    if (user !== undefined && name !== undefined) wanted.set(user, (wanted.get(user) ?? new Set()).add(name));
  }
  const value: Wire[] = [];
  const gaps: Gap[] = [];
  const at = new Date(cloud.clock.now()).toISOString();
  const ofOthers =
    compute === undefined || compareMicroversions(compute, OF_OTHERS) < 0 ? OF_OTHERS : compute;
  for (const [user, names] of wanted) {
    const own = user === whose.user;
    const list = own
      ? cloud.compute.at(compute ?? FLOOR.compute).keypairs.list({}, read)
      : cloud.compute.at(ofOthers).keypairs.list({ user_id: user }, read);
    const what = own ? 'key pairs' : `key pairs of user ${user}`;
    const observed = await observeList(what, mapList(list, toWire), clock);
    gaps.push(...observed.gaps);
    // Not every answer says whose a key pair is.
    for (const wire of observed.value)
      if (names.has(textOf(wire['name']) ?? '')) value.push({ ...wire, user_id: user });
  }
  const nothing = gaps[0]?.kind === 'denied' ? 'denied' : 'failed';
  const completeness = gaps.length === 0 ? 'complete' : value.length > 0 ? 'partial' : nothing;
  return { value, at, source: 'key pairs', completeness, gaps };
}
