import { bus, database, type Heartbeat, images, need, worker } from './worker.ts';

const NOVA: Heartbeat = {
  every: 10_000,
  down: 60_000,
  where: 'nova/conf/service.py: report_interval, service_down_time',
};

/** The workers of Nova. */
export const novaWorkers = [
  worker('nova-scheduler', {
    title: 'Nova scheduler',
    stops: 'no server can be created or moved',
    essential: true,
    heartbeat: NOVA,
    worker: { service: 'compute', kind: 'nova-scheduler' },
    needs: [database, bus, need('placement-api', 'hard', 'is told by it where there is room')],
  }),
  worker('nova-conductor', {
    title: 'Nova conductor',
    stops: 'compute hosts cannot reach the database: servers run, and cannot be changed',
    essential: true,
    heartbeat: NOVA,
    worker: { service: 'compute', kind: 'nova-conductor' },
    needs: [database, bus],
    unsafe: [
      {
        id: 'nova-conductor.mixed',
        moves: ['upgrade'],
        when: 'conductors of two releases run at the same time for longer than the change takes',
        why: 'it refuses to start beside computes older than the release before it supports',
        source: { kind: 'upstream', where: 'nova/objects/service.py: OLDEST_SUPPORTED_SERVICE_VERSION' },
      },
    ],
  }),
  worker('nova-compute', {
    title: 'Nova compute',
    mode: 'per-host',
    state: 'local',
    wanted: 1,
    essential: true,
    stops: 'the servers of its host run on, and cannot be changed',
    heartbeat: NOVA,
    worker: { service: 'compute', kind: 'nova-compute' },
    needs: [
      bus,
      need('nova-conductor', 'hard', 'has no database of its own'),
      need('placement-api', 'soft', 'reports what it has'),
      need('neutron-server', 'soft', 'plugs ports'),
      images,
      need('cinder-api', 'soft', 'attaches volumes'),
    ],
    unsafe: [
      {
        id: 'nova-compute.evacuate-unfenced',
        moves: ['evacuate'],
        when: 'that the host is off has not been proven',
        why: 'a server that runs twice destroys its data',
        source: { kind: 'field', where: 'charm guide of Masakari; cloudstack #580' },
      },
      {
        id: 'nova-compute.rename',
        moves: ['reconfigure'],
        when: 'its `host` changes while servers are on it',
        why: 'Nova believes that they are elsewhere, and deletes what it does not know',
        source: { kind: 'upstream', where: 'nova, spec liberty: robustify evacuate' },
      },
    ],
  }),
] as const;
