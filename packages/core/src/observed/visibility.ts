import type { Gap, Observed } from '@groundcrew/ground';
import {
  anObjectWith,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import { z } from 'zod';
import type { Cloud } from '../cloud.ts';
import { observeList } from './observed.ts';

/** The projects whose resources a user is shown. */
export interface Visibility {
  /** Every project's. */
  readonly all: boolean;
  /** The same in words: `all projects`, `project demo only`. */
  readonly words: string;
}

const readSchema = optionsSchema<ReadOptions>(readOptions);
const aCloud = z.strictObject({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
});

/**
 * Finds the projects whose resources the token's user is shown. By the services' default policies the role `admin` shows other
 * projects' things; a deployment with policies of its own may show more than is said here. A reader of the whole system is
 * shown none: Cinder and Neutron answer with empty lists, since such a token is of no project.
 *
 * @example const { all } = await visibilityOf(cloud); // true of an administrator
 */
export async function visibilityOf(cloud: Cloud, options: ReadOptions = {}): Promise<Visibility> {
  parseArguments('visibilityOf', readSchema, options);
  parseArguments('visibilityOf', aCloud, { cloud });
  const token = await cloud.token(options);
  if (token === undefined) return { all: false, words: 'an unknown scope: this cloud wants no token' };
  if (token.roles.some((role) => role.name === 'admin')) return { all: true, words: 'all projects' };
  const { project } = token;
  return { all: false, words: project === undefined ? 'no project' : `project ${project.name} only` };
}

/**
 * Reads a list of all projects' things; where that is forbidden, of the own project's, with a gap.
 *
 * @param what - for the gaps: `volumes`
 * @param own - the list to read where the wide one is answered with 403, as by Nova. Without it the service is taken
 * to narrow the list by itself, as Cinder and Neutron do.
 * @example
 * const visibility = await visibilityOf(cloud);
 * const list = cloud.blockStorage.volumes.list({ all_tenants: true });
 * const volumes = await observeAllProjects(cloud, 'volumes', visibility, list);
 */
export async function observeAllProjects<T>(
  cloud: Cloud,
  what: string,
  visibility: Visibility,
  wide: AsyncIterable<T>,
  own?: AsyncIterable<T>,
): Promise<Observed<T[]>> {
  const clock = { now: () => cloud.clock.now() };
  const observed = await observeList(what, wide, clock);
  if (observed.completeness === 'denied' && own !== undefined)
    return narrowed(await observeList(what, own, clock), what, visibility);
  return visibility.all || own !== undefined ? observed : narrowed(observed, what, visibility);
}

function narrowed<T>(observed: Observed<T[]>, what: string, visibility: Visibility): Observed<T[]> {
  if (observed.completeness !== 'complete') return observed;
  const others: Gap = {
    what: `${what} beyond this user's own`,
    kind: 'denied',
    why: `the service shows such a user ${what} of ${visibility.words}, without a word about others`,
    remedy: 'Ask as an administrator.',
    requestIds: [],
  };
  return { ...observed, completeness: 'partial', gaps: [others] };
}
