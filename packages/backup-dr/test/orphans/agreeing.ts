import type { Completeness, Observed } from '@groundcrew/core';
import type { OrphanSources } from '../../src/control-plane.ts';

const AT = '2026-11-30T12:00:00Z';

/** A list that was read. */
export function observed<T>(
  value: readonly T[],
  completeness: Completeness = 'complete',
): Observed<readonly T[]> {
  const why =
    completeness === 'complete' ? [] : [{ what: 'a list', kind: 'cut' as const, why: 'it broke off' }];
  return {
    value,
    at: AT,
    source: 'a list',
    completeness,
    gaps: why.map((gap) => ({ ...gap, remedy: undefined, requestIds: [] })),
  };
}

export const server = (id: string, more: object = {}) => ({
  id,
  name: `name-of-${id}`,
  status: 'ACTIVE',
  'OS-EXT-SRV-ATTR:host': 'compute-1',
  'os-extended-volumes:volumes_attached': [] as { id: string }[],
  ...more,
});
export const volume = (id: string, ...servers: string[]) => ({
  id,
  name: id,
  status: servers.length === 0 ? 'available' : 'in-use',
  attachments: servers.map((one) => ({ server_id: one, attachment_id: `${id}-${one}`, volume_id: id })),
});
export const guest = (id: string, more: object = {}) => ({
  id,
  host: 'compute-1',
  name: 'instance-0000001f',
  isRunning: true,
  ...more,
});

/** A cloud whose parts agree: a server with a disk and a port, and its guest. */
export function agreeing(): { -readonly [K in keyof OrphanSources]: OrphanSources[K] } {
  return {
    nova: {
      servers: observed([server('s1', { 'os-extended-volumes:volumes_attached': [{ id: 'v1' }] })]),
      hypervisors: observed([
        {
          hypervisor_hostname: 'compute-1.example.org',
          state: 'up',
          service: { id: 'x', host: 'compute-1' },
        },
      ]),
    } as unknown as OrphanSources['nova'],
    neutron: {
      ports: observed([
        { id: 'p1', name: '', device_id: 's1', device_owner: 'compute:nova' },
        { id: 'p2', name: '', device_id: 'r1', device_owner: 'network:router_interface' },
      ]),
    },
    cinder: {
      volumes: observed([volume('v1', 's1'), volume('v2')]),
      attachments: observed([{ id: 'v1-s1', status: 'attached', instance: 's1', volume_id: 'v1' }]),
    } as unknown as OrphanSources['cinder'],
    placement: {
      allocations: observed([
        { consumer: 's1', generation: 1, providers: ['compute-1.example.org'] },
        { consumer: 'm1', generation: 1, providers: ['compute-2.example.org'] },
      ]),
      migrations: observed([{ uuid: 'm1', instance_uuid: 's1', status: 'running' }]),
    },
    hypervisor: { 'compute-1': observed([guest('s1')]) },
  };
}
