import { compareMicroversions, type OperationSpec, records, routeOf } from '@groundcrew/core';
import type { Ask } from './raw.ts';

/** Every list and every look of the records, as a request: what a program can compare on two clouds. */
export interface Asked {
  readonly service: string;
  /** `servers.list @2.93` */
  readonly name: string;
  readonly path: string;
  readonly receive: string | undefined;
  readonly version: string | undefined;
}

/** What is compared of an answer: of bodies only the names of keys. */
export interface Seen {
  readonly status: number;
  readonly keys: string;
  readonly inner: string;
}

/** Ids by the segment before the slot: `volumes` of `volumes/{id}/metadata`. */
export type Known = Readonly<Record<string, string>>;

export const NOBODY = '11111111-1111-4111-8111-111111111111';

const SERVICES = ['identity', 'compute', 'network', 'blockStorage', 'image', 'placement'] as const;
const ENDPOINTS: Readonly<Record<string, string>> = { blockStorage: 'block-storage' };

/** The newest microversions of Zed, which both clouds speak. */
const NEWEST: Readonly<Record<string, string>> = { compute: '2.93', blockStorage: '3.70', placement: '1.39' };

const versionsOf = (service: string, { since, until }: OperationSpec): (string | undefined)[] => {
  const spec = records[service as keyof typeof records].microversion;
  if (spec === undefined) return [undefined];
  const newest = NEWEST[service] ?? spec.floor;
  const first = since ?? spec.floor;
  if (compareMicroversions(first, newest) > 0) return [];
  return until !== undefined || first === newest ? [first] : [first, newest];
};

/** The path with ids in its slots. A slot without one has that of nobody. */
function filled(service: string, path: string, known: Known): string {
  const segments = path.split('/');
  return segments
    .map((segment, index) => {
      if (!segment.startsWith('{')) return segment;
      return known[`${service} ${segments[index - 1] ?? ''}`] ?? NOBODY;
    })
    .join('/');
}

/** Every GET of the records at the versions that both clouds have. */
export function requests(known: Known): Asked[] {
  return SERVICES.flatMap((service) =>
    Object.entries(records[service].resources).flatMap(([resource, { operations }]) =>
      Object.entries(operations as Readonly<Record<string, OperationSpec>>)
        .filter(([, { verb }]) => verb === 'GET')
        .flatMap(([name, spec]) =>
          versionsOf(service, spec).map((version) => ({
            service,
            name: `${service} ${resource}.${name}${version === undefined ? '' : ` @${version}`}`,
            path: filled(service, routeOf(spec), known),
            receive: spec.receive,
            version,
          })),
        ),
    ),
  );
}

const NAMES: Readonly<Record<string, string>> = { blockStorage: 'volume' };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of keys; such as a test or a cloud has made up itself are left out: networks', volume types', extra specs'. */
const names = (value: unknown): string =>
  isObject(value)
    ? [
        ...new Set(
          Object.keys(value).map((key) =>
            key.replace(/^parity-.*/, '(a name)').replace(/^(gigabytes|snapshots|volumes)_.*/, '$1_(a type)'),
          ),
        ),
      ]
        .toSorted()
        .join(' ')
    : '';

/** Asks, and keeps of the answer what two clouds have in common. */
export async function look(ask: Ask, asked: Asked, known: Known, query = ''): Promise<Seen> {
  const { service, path, version, receive } = asked;
  const { status, body } = await ask('GET', ENDPOINTS[service] ?? service, path + query, undefined, {
    Accept: 'application/json',
    ...(version === undefined ? {} : { 'OpenStack-API-Version': `${NAMES[service] ?? service} ${version}` }),
  });
  if (status >= 300) return { status, keys: '', inner: '' };
  const outer = isObject(body)
    ? Object.fromEntries(Object.entries(body).filter(([key]) => !/_links$|^next$/.test(key)))
    : body;
  const inner = receive === undefined || !isObject(body) ? undefined : body[receive];
  // Of a list what the test has made, if that is in it: what else a cloud has, and in which order, is its own.
  const ids = new Set<unknown>(Object.values(known));
  const first: unknown = Array.isArray(inner)
    ? (inner.find((entry: unknown) => isObject(entry) && ids.has(entry['id'])) ?? inner[0])
    : inner;
  return {
    status,
    // Of answers without an envelope the keys are the thing's own.
    keys: names(outer),
    inner: Array.isArray(inner) && inner.length === 0 ? '(none)' : names(first),
  };
}
