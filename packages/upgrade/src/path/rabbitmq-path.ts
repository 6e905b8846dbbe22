import { InputError } from '@groundcrew/ground';

/** The versions that a broker goes through, from the present one to the wanted one. */
export type InfraPath =
  | { readonly ok: true; readonly versions: readonly string[] }
  | { readonly ok: false; readonly refusal: InfraRefusal };

export interface InfraRefusal {
  readonly code: 'backwards' | 'infra-edge-missing';
  readonly reason: string;
  readonly remedy: string | undefined;
}

/**
 * From which version RabbitMQ may be upgraded in place to which (rabbitmq.com/docs/upgrade, "RabbitMQ version upgradability"; the
 * pairs from 3.13 on are also those of kolla-ansible's `rabbitmq_allowed_upgrades`). All feature flags must be enabled before.
 */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  '3.7': ['3.8'],
  '3.8': ['3.9'],
  '3.9': ['3.10'],
  '3.10': ['3.11'],
  '3.11': ['3.12'],
  '3.12': ['3.13'],
  '3.13': ['4.0', '4.1', '4.2'],
  '4.0': ['4.1', '4.2'],
  '4.1': ['4.2'],
  '4.2': [],
};

/**
 * The fewest upgrades in place that lead a RabbitMQ from one version to another. Mirrored queues must be gone before 4.0.
 *
 * @param from - `3.10`, or a whole version: `3.10.8`
 * @throws InputError on what is no version
 * @example
 * rabbitmqPath('3.10.8', '4.1'); // { ok: true, versions: ['3.11', '3.12', '3.13', '4.1'] }
 */
export function rabbitmqPath(from: string, to: string): InfraPath {
  const [start, goal] = [series(from, 'from'), series(to, 'to')];
  if (start === goal) return { ok: true, versions: [] };
  if (order(goal) < order(start))
    return {
      ok: false,
      refusal: {
        code: 'backwards',
        reason: `RabbitMQ ${start} does not go back to ${goal}`,
        remedy: 'Make a new broker of that version, and move the clients.',
      },
    };
  const ways: string[][] = [[start]];
  const seen = new Set([start]);
  for (const way of ways)
    for (const next of EDGES[way.at(-1) ?? ''] ?? []) {
      if (next === goal) return { ok: true, versions: [...way.slice(1), next] };
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  return {
    ok: false,
    refusal: {
      code: 'infra-edge-missing',
      reason: `no upgrade in place is known from RabbitMQ ${start} to ${goal}`,
      remedy: `Those that are known begin at ${Object.keys(EDGES)[0]} and end at ${Object.keys(EDGES).at(-1)}; a new broker is the other way.`,
    },
  };
}

function series(version: string, field: string): string {
  const found = /^(\d{1,3}\.\d{1,3})(?:\.\d{1,4})?$/.exec(version)?.[1];
  if (found !== undefined) return found;
  throw new InputError(`rabbitmqPath: ${field}: ${JSON.stringify(version)} is no version of RabbitMQ`, {
    field,
    operation: 'upgrade.rabbitmqPath',
  });
}

const order = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1_000 + minor;
};
