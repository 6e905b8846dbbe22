import type { ReadOptions } from '@groundcrew/ground';
import { type Cloud, type Gap, type Observed } from '@groundcrew/core';
import type { EstateDefaultQuota, EstateQuota } from './estate.ts';
import { gather } from '../gather.ts';
import type { Projects } from './projects.ts';

const SERVICES = ['compute', 'network', 'block-storage'] as const;

/** Reads what each project may use of each service. */
export function readQuotas(
  cloud: Cloud,
  { observed }: Projects,
  read: ReadOptions,
): Promise<Observed<readonly EstateQuota[]>> {
  const pairs = observed.value.flatMap((project) => SERVICES.map((service) => ({ project, service })));
  return gather(
    cloud,
    'quotas',
    { ...observed, value: pairs },
    async ({ project: { id, name }, service }) => [
      {
        service,
        project_id: id,
        project_name: name,
        limits: limitsOf(await quotaOf(cloud, service, id, read)),
      },
    ],
    ({ project, service }) => `${service} quota of ${project.name ?? project.id}`,
  );
}

const quotaOf = (
  cloud: Cloud,
  service: EstateQuota['service'],
  id: string,
  read: ReadOptions,
): Promise<object> => {
  if (service === 'compute') return cloud.compute.quotaSets.get({ id }, read);
  if (service === 'network') return cloud.network.quotas.get({ project_id: id }, read);
  return cloud.blockStorage.quotaSets.get({ id }, read);
};

/** Reads what a project gets for which nothing was set. */
export async function readDefaultQuotas(
  cloud: Cloud,
  { own }: Projects,
  read: ReadOptions,
): Promise<Observed<readonly EstateDefaultQuota[]>> {
  const at = new Date(cloud.clock.now()).toISOString();
  const source = 'default quotas';
  // They are asked for of a project, and are the same of each.
  const id = own?.id;
  if (id === undefined) {
    const gap: Gap = {
      what: source,
      kind: 'denied',
      why: 'they are asked for of a project, and the token has none',
      remedy: 'Ask with a token of a project.',
      requestIds: [],
    };
    return { value: [], at, source, completeness: 'denied', gaps: [gap] };
  }
  const services: Observed<readonly EstateQuota['service'][]> = {
    value: SERVICES,
    at,
    source,
    completeness: 'complete',
    gaps: [],
  };
  return gather(
    cloud,
    source,
    services,
    async (service) => [{ service, limits: limitsOf(await defaultOf(cloud, service, id, read)) }],
    (service) => `${service} default quota`,
  );
}

const defaultOf = (
  cloud: Cloud,
  service: EstateQuota['service'],
  id: string,
  read: ReadOptions,
): Promise<object> => {
  if (service === 'compute') return cloud.compute.quotaSets.defaults({ id }, read);
  if (service === 'network') return cloud.network.quotas.default({ project_id: id }, read);
  return cloud.blockStorage.quotaSets.defaults({ id }, read);
};

const limitsOf = (quota: object): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(quota).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
