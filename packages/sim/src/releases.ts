import { InputError, parseArguments } from '@groundcrew/ground';
import { type SeriesName, table } from '@groundcrew/ground/series';
import { z } from 'zod';

/**
 * The API versions of a release, and other facts that tell releases apart. `upgrade` detects releases by the same table.
 */
export interface Release {
  readonly name: string;
  /** `2025.1`. Only distributions numbered the older releases so. */
  readonly number: string;
  readonly compute: string;
  readonly blockStorage: string;
  readonly placement: string;
  readonly instanceHa: string;
  readonly loadBalancer: string;
  readonly identity: string;
  /** The newest version that Glance reports, as `v2.N`. */
  readonly image: number;
  /** The number that Nova's services register in the database: 53 for Victoria. */
  readonly novaServiceVersion: number;
  /** Whether the role `reader` may change nothing (`[oslo_policy] enforce_new_defaults`, on since 2023.2). */
  readonly readersOnlyRead: boolean;
}

/** `SERVICE_VERSION` of `nova/objects/service.py` at the last tag of each series that is simulated. */
const NOVA_SERVICE_VERSIONS = {
  ussuri: 51,
  victoria: 53,
  wallaby: 54,
  xena: 57,
  yoga: 61,
  zed: 64,
  antelope: 66,
  bobcat: 66,
  caracal: 66,
  dalmatian: 67,
  epoxy: 68,
  flamingo: 70,
  gazpacho: 72,
  // This is the value during its development; that of the release was not looked up.
  hibiscus: 72,
} as const satisfies Partial<Record<SeriesName, number>>;

function release(name: keyof typeof NOVA_SERVICE_VERSIONS): Release {
  const row = table.find((series) => series.name === name);
  const api: Readonly<Record<string, readonly string[]>> = { ...row?.api };
  const newest = (service: string): string => {
    const version = api[service]?.at(-1);
    if (version === undefined)
      throw new InputError(`release: the table of series has no ${service} of ${name}`, {
        field: 'release',
        operation: 'simulateCloud',
      });
    return version;
  };
  const number = row?.number ?? '';
  return {
    name,
    number,
    compute: newest('compute'),
    blockStorage: newest('block-storage'),
    placement: newest('placement'),
    instanceHa: newest('instance-ha'),
    loadBalancer: newest('load-balancer'),
    identity: `v${newest('identity')}`,
    image: Number(newest('image').split('.')[1]),
    novaServiceVersion: NOVA_SERVICE_VERSIONS[name],
    readersOnlyRead: number >= '2023.2',
  };
}

export const releases: readonly Release[] = (
  Object.keys(NOVA_SERVICE_VERSIONS) as (keyof typeof NOVA_SERVICE_VERSIONS)[]
).map(release);

const aRelease = z.strictObject({ release: z.string() });

/** Finds a release by its name or number: `zed`, `2022.2`, `2026.1`. */
export function releaseOf(nameOrNumber: string): Release {
  parseArguments('releaseOf', aRelease, { release: nameOrNumber });
  const wanted = nameOrNumber.toLowerCase();
  const found = releases.find((known) => known.name === wanted || known.number === wanted);
  if (found !== undefined) return found;
  throw new InputError(
    `release: there is no ${nameOrNumber}; there are ${releases.map((known) => known.name).join(', ')}`,
    { field: 'release', operation: 'simulateCloud' },
  );
}
