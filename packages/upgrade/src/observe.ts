import { aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Cloud, type Gap, observe as observeOne, observeList, type Observed } from '@groundcrew/core';
import type { ServiceVersions } from './detect.ts';

export interface ReleaseSnapshot {
  readonly services: readonly ServiceVersions[];
}

export interface ObserveReleaseOptions {
  readonly signal?: AbortSignal | undefined;
}

const observeOptions = optionsSchema<ObserveReleaseOptions>({ signal: aSignal.optional() });

/** Services that every cloud should have, and those that tell more if it has them. */
const REQUIRED = ['identity', 'compute', 'network', 'block-storage', 'image', 'placement'] as const;
const OPTIONAL = ['shared-file-system', 'baremetal', 'load-balancer', 'instance-ha'] as const;

/**
 * Reads the version documents of a cloud's services, and Neutron's extensions. Version documents are public: this
 * needs no role.
 */
export async function observe(
  cloud: Cloud,
  options: ObserveReleaseOptions = {},
): Promise<Observed<ReleaseSnapshot>> {
  parseArguments('upgrade.observe', observeOptions, options);
  const at = new Date(cloud.clock.now()).toISOString();
  // Together: what is begun and not waited for would reject unheard when an abort ends the others.
  const [aliases, ...read] = await Promise.all([
    observeList('network extensions', cloud.network.extensions.list({}, options)),
    ...[...REQUIRED, ...OPTIONAL].map((service) => readVersions(cloud, service, options)),
  ]);
  const services: ServiceVersions[] = [];
  const gaps: Gap[] = [];
  for (const { service, versions, absent } of read) {
    if (!absent) gaps.push(...versions.gaps);
    if (versions.value === undefined) continue;
    services.push({ service, versions: versions.value });
  }
  gaps.push(...aliases.gaps);
  const network = services.findIndex((versions) => versions.service === 'network');
  if (aliases.completeness === 'complete') {
    const told = {
      service: 'network',
      // Without its version document, which is a gap of its own: the extensions alone tell Neutron's release.
      versions: services[network]?.versions ?? [],
      extensions: aliases.value.map((extension) => extension.alias),
    };
    if (network === -1) services.push(told);
    else services[network] = told;
  }
  return {
    value: { services },
    at,
    source: 'version documents',
    completeness: gaps.length === 0 ? 'complete' : services.length > 0 ? 'partial' : 'failed',
    gaps,
  };
}

async function readVersions(cloud: Cloud, service: string, options: ObserveReleaseOptions) {
  const versions = await observeOne(`${service} versions`, () =>
    cloud.versions(service, { ...options, fresh: true }),
  );
  // An optional service that is not there is no gap: it would have told more, that is all. One that is there and
  // does not tell is.
  const isOptional = (OPTIONAL as readonly string[]).includes(service);
  const absent =
    isOptional && versions.completeness === 'unsupported' && !(await isThere(cloud, service, options));
  return { service, versions, absent };
}

/** Has the catalogue an endpoint of it? */
async function isThere(cloud: Cloud, service: string, options: ObserveReleaseOptions): Promise<boolean> {
  const { completeness } = await observeOne(service, () => cloud.endpoint(service, options));
  return completeness !== 'unsupported';
}
