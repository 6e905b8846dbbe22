import { bus, database, need, worker } from './worker.ts';

/** Workers of which no API reports a heartbeat. */
export const otherWorkers = [
  worker('heat-engine', {
    title: 'Heat engine',
    stops: 'no stack changes',
    needs: [database, bus, need('keystone', 'hard', 'acts with trusts')],
  }),
  worker('octavia-worker', {
    title: 'Octavia worker',
    stops: 'no load balancer changes',
    needs: [
      database,
      bus,
      need('nova-api', 'soft', 'starts amphorae'),
      need('neutron-server', 'hard', 'plugs ports'),
    ],
  }),
  worker('octavia-health-manager', {
    title: 'Octavia health manager',
    stops: 'amphorae that die are not replaced',
    needs: [database, need('nova-api', 'soft', 'starts new amphorae')],
    unsafe: [
      {
        id: 'octavia-health-manager.blind',
        moves: ['restart', 'bootstrap'],
        when: 'it starts after a time in which no heartbeat could reach it',
        why: 'all amphorae look dead, and it fails them over at once: failover_threshold is unset by default',
        source: { kind: 'upstream', where: 'octavia/common/config.py: health_manager.failover_threshold' },
      },
    ],
  }),
  worker('octavia-housekeeping', {
    title: 'Octavia housekeeping',
    wanted: 1,
    stops: 'certificates of amphorae are not renewed, spent ones stay',
    needs: [database],
  }),
  worker('masakari-engine', {
    title: 'Masakari engine',
    stops: 'no notification is acted on: nobody evacuates a host that died',
    needs: [database, bus, need('nova-api', 'hard', 'evacuates through it')],
    unsafe: [
      {
        id: 'masakari-engine.monitors-blind',
        moves: ['restart', 'bootstrap'],
        when: 'host monitors lost sight of many hosts at once',
        why: 'it believes each notification: there is no limit on how many hosts it evacuates',
        source: { kind: 'upstream', where: 'masakari/engine: no threshold' },
      },
    ],
  }),
] as const;
