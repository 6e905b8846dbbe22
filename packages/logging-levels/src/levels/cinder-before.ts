import type { LevelsBefore } from './actions.ts';
import type { CinderLogCalls } from './cinder-log-calls.ts';
import { answersInRow } from './cinder-workers.ts';
import type { LoggerLevels } from './level-calls.ts';
import { LevelError } from './level-error.ts';
import type { CinderTarget } from './level-target.ts';

export type CinderBefore = Extract<LevelsBefore, { readonly kind: 'cinder' }>;

/**
 * The levels of each host before they are changed, heard so often that each worker was among those who told.
 *
 * @throws LevelError if they could not be put back
 */
export async function cinderBefore(
  calls: CinderLogCalls,
  target: CinderTarget,
  signal: AbortSignal,
): Promise<CinderBefore> {
  const { service: binary, server, prefix } = target;
  const level = target.level.toUpperCase();
  const inRow = answersInRow(target);
  const hosts = new Map<string, LoggerLevels>();
  for (let asked = 0; asked < inRow; asked += 1)
    for (const [host, levels] of await calls.heard(signal)) {
      const before = hosts.get(host);
      hosts.set(host, before === undefined ? levels : merged(target, host, before, levels));
    }
  const noted = [...hosts].filter(([, levels]) => Object.keys(levels).length > 0);
  if (noted.length === 0)
    throw new LevelError(
      'levels.no-logger',
      `no ${binary}${server === null ? '' : ` on ${server}`} that is up told of a logger${prefix === '' ? '' : ` ${prefix}*`}`,
      { remedy: 'Look at the list of services (`openstack volume service list`), and at the prefix.' },
    );
  // Another lease may have lent it: the end of this one would put back what that one lent.
  if (noted.every(([, levels]) => Object.values(levels).every((one) => one === level)))
    throw new LevelError(
      'levels.already',
      `every logger of ${binary} that was asked for has ${level} already`,
      {
        remedy: 'Nothing is to be done; if another lease lent it, restoreLevels ends that one.',
      },
    );
  return {
    kind: 'cinder',
    hosts: noted.map(([host, levels]) => ({ host, levels: checked(binary, levels) })),
  };
}

/** What two workers of a host have: what differs becomes `restoreTo`, which all of them can be given. */
function merged(
  { service: binary, restoreTo }: CinderTarget,
  host: string,
  a: LoggerLevels,
  b: LoggerLevels,
): LoggerLevels {
  const differing = Object.keys(a).filter((name) => name in b && a[name] !== b[name]);
  const all = { ...b, ...a };
  if (differing.length === 0) return all;
  if (restoreTo === null)
    throw new LevelError(
      'levels.mixed',
      `workers of ${binary} on ${host} have different levels already: ${differing.slice(0, 3).join(', ')}${differing.length > 3 ? ', …' : ''}`,
      { remedy: 'Say with restoreTo which level all of them are to have afterwards.' },
    );
  return Object.fromEntries(Object.keys(all).map((name) => [name, restoreTo.toUpperCase()]));
}

function checked(binary: string, levels: LoggerLevels): Record<string, string> {
  const odd = Object.entries(levels).filter(([, one]) => !SETTABLE.has(one));
  if (odd.length > 0)
    throw new LevelError(
      'levels.foreign-level',
      `${binary}: ${odd
        .slice(0, 3)
        .map(([name, one]) => `${name} has ${one}`)
        .join(', ')}: Cinder could not put that back`,
      { remedy: 'Name a prefix that leaves it out.' },
    );
  return { ...levels };
}

const SETTABLE: ReadonlySet<string> = new Set(['DEBUG', 'INFO', 'WARNING', 'ERROR']);
