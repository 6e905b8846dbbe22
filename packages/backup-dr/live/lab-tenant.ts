import type { TenantSpec } from '../test/recovery/tenant.ts';

/** Five servers, one of which boots from a volume; eight volumes; two routers; groups that name each other. */
export const labTenant: TenantSpec = {
  names: ['web', 'db', 'web', 'a/b', 'ünïcödé'],
  networks: [
    { subnets: 1, dhcp: true, tags: ['blue'] },
    { subnets: 1, dhcp: true, tags: [] },
  ],
  routers: [
    { subnets: [0], gateway: true },
    { subnets: [1], gateway: false },
  ],
  groups: [
    { names: [0, 1], ports: [443] },
    { names: [0, 2], ports: [5432] },
    { names: [1], ports: [] },
  ],
  volumes: Array.from({ length: 8 }, (_, at) => ({ size: 1, metadata: { tier: `${at}` } })),
  servers: [
    { networks: [0], groups: [0], volumes: [0], boot: 'volume', key: true, together: true, tags: ['blue'] },
    {
      networks: [0, 1],
      groups: [0, 1],
      volumes: [1, 2],
      boot: 'image',
      key: false,
      together: true,
      tags: [],
    },
    { networks: [1], groups: [1], volumes: [3], boot: 'image', key: false, together: false, tags: [] },
    { networks: [1], groups: [2], volumes: [4], boot: 'image', key: true, together: false, tags: ['green'] },
    { networks: [0], groups: [], volumes: [], boot: 'image', key: false, together: false, tags: [] },
  ],
  spare: 1,
  floating: true,
};
