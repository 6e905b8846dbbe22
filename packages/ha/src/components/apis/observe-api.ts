import { ask, type CheckOptions, Partly, UnreadError } from '../../probing/ask.ts';
import type { Gap, Observed } from '@groundcrew/core';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { webAddress } from '../../probing/address.ts';
import { type HttpAnswer, httpGet } from '../../probing/http-get.ts';

const ApiTarget = z.strictObject({
  /** The catalogue's word for it: `keystone`, `nova-api`. */
  component: z.string().min(1),
  /** Each replica itself, not the load balancer: its document of versions (`/`), or Swift's `/info`. */
  replicas: z.array(webAddress).min(1),
  ca: z.string().min(1).optional(),
});

/** An API, and the addresses of its replicas. */
export interface ApiTarget extends Readonly<z.input<typeof ApiTarget>> {}

/** One version that a replica reports. */
export interface ApiReplicaVersion {
  /** `v2.1`. */
  readonly id: string;
  /** `CURRENT`, `SUPPORTED`, `stable`, … */
  readonly status: string;
  /** Highest and lowest microversion, where there are any. */
  readonly version: string | undefined;
  readonly minVersion: string | undefined;
}

/** One replica that answered. */
export interface ApiReplica {
  readonly url: string;
  /** Status of HTTP. */
  readonly status: number;
  /** The time to the whole answer, the connection included. */
  readonly latencyMs: number;
  /** The versions that it reports, by id; empty if it reports none. */
  readonly versions: readonly ApiReplicaVersion[];
  /** The exact release, which Swift tells in `/info`. */
  readonly release: string | undefined;
}

/** The replicas of one API. A replica that did not answer is missing here, and a gap. */
export interface ApiReplicas {
  readonly component: string;
  readonly urls: readonly string[];
  readonly replicas: readonly ApiReplica[];
}

type Target = z.output<typeof ApiTarget>;

async function readReplicas(
  { component, replicas: urls, ca }: Target,
  options: ReadingOptions,
): Promise<Partly<ApiReplicas>> {
  const asked = await Promise.all(urls.map((url) => replicaAt(url, ca, options)));
  const gaps = asked.flatMap((replica): readonly Gap[] => replica.gaps);
  // Who gave no answer is a gap.
  const replicas = asked.flatMap((replica) => replica.value ?? []);
  return new Partly({ component, urls, replicas }, gaps);
}

/** The observer of the replicas of an API. */
export const apiObserver: ComponentObserver<'apis', ApiTarget, ApiReplicas> = {
  key: 'apis',
  target: ApiTarget,
  source: ({ component }: Target) => `api ${component}`,
  observe: readReplicas,
  componentOf: ({ value, source }) => value?.component ?? source.replace(/^api /, ''),
  unseen: { id: 'api.unseen' },
  // Each replica has the whole deadline, and answers for itself when it is over.
  graceMs: 1_000,
};

/**
 * Asks each replica of an API on its own for its versions, without a token.
 *
 * @throws InputError
 * @example
 * const seen = await observeApi({ component: 'keystone', replicas: ['http://ctl-1:5000/', 'http://ctl-2:5000/'] });
 * if (seen.value !== undefined) versionSkew(seen.value.replicas);
 */
export async function observeApi(
  target: ApiTarget,
  options: CheckOptions = {},
): Promise<Observed<ApiReplicas | undefined>> {
  return observeOne('observeApi', apiObserver, target, options);
}

const replicaAt = (
  url: string,
  ca: string | undefined,
  options: ReadingOptions,
): Promise<Observed<ApiReplica | undefined>> =>
  ask(
    `api ${url}`,
    async (signal) => {
      const began = performance.now();
      const answer = await httpGet(new URL(url), { ca, signal });
      return { ...apiReplica(url, answer), latencyMs: Math.round(performance.now() - began) };
    },
    options,
  );

/**
 * Reads what an API answered to the question for its versions.
 *
 * @throws UnreadError on an answer that a working API does not give
 */
export function apiReplica(
  url: string,
  { status, text }: Pick<HttpAnswer, 'status' | 'text'>,
): Omit<ApiReplica, 'latencyMs'> {
  // 300 is how several of them show their versions; 401 shows that it works, and no more.
  if (status >= 500 || status === 404) throw new UnreadError('failed', `${status} from ${url}`);
  const document = documentOf(text);
  return {
    url,
    status,
    versions: versionsOf(document),
    release: Info.safeParse(document).data?.swift.version,
  };
}

/**
 * The versions by which replicas differ: of each group its urls. One group means that they agree.
 */
export function versionSkew(
  replicas: readonly ApiReplica[],
): { readonly says: string; readonly urls: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { url, versions, release } of replicas) {
    const says = [
      ...versions.map(
        (version) =>
          `${version.id} ${version.status} ${version.minVersion ?? '-'}..${version.version ?? '-'}`,
      ),
      ...(release === undefined ? [] : [release]),
    ].join(', ');
    groups.set(says, [...(groups.get(says) ?? []), url]);
  }
  return [...groups].map(([says, urls]) => ({ says, urls }));
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Three shapes: `{versions: [...]}`, Keystone's `{versions: {values: [...]}}`, and `{version: {...}}` of one. */
function versionsOf(document: unknown): ApiReplicaVersion[] {
  const shape = Document.safeParse(document).data;
  const listed = shape?.versions;
  const all = Array.isArray(listed)
    ? listed
    : (listed?.values ?? (shape?.version === undefined ? [] : [shape.version]));
  return (
    all
      // What is not understood is compared by its text: left out, replicas would seem to say the same.
      .map(
        (version) =>
          Version.safeParse(version).data ?? { id: JSON.stringify(version).slice(0, 200), status: 'unread' },
      )
      .map((version) => ({
        id: version.id,
        status: version.status,
        version: version.version === '' ? undefined : (version.version ?? version.max_version),
        minVersion: version.min_version === '' ? undefined : version.min_version,
      }))
      .toSorted((a, b) => a.id.localeCompare(b.id))
  );
}

const Document = z.looseObject({
  versions: z.union([z.array(z.unknown()), z.looseObject({ values: z.array(z.unknown()) })]).optional(),
  version: z.unknown().optional(),
});
const Version = z.looseObject({
  id: z.string(),
  status: z.string().catch(''),
  version: z.string().optional().catch(undefined),
  max_version: z.string().optional().catch(undefined),
  min_version: z.string().optional().catch(undefined),
});
const Info = z.looseObject({ swift: z.looseObject({ version: z.string() }) });
