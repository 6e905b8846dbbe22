import { bus, database, type Heartbeat, images, need, worker } from './worker.ts';

const CINDER: Heartbeat = {
  every: 10_000,
  down: 60_000,
  where: 'cinder/service.py: report_interval, service_down_time',
};

/** The workers of Cinder. */
export const cinderWorkers = [
  worker('cinder-scheduler', {
    title: 'Cinder scheduler',
    stops: 'no volume can be created',
    essential: true,
    heartbeat: CINDER,
    worker: { service: 'block-storage', kind: 'cinder-scheduler' },
    needs: [database, bus],
  }),
  worker('cinder-volume', {
    title: 'Cinder volume',
    mode: 'active-passive',
    state: 'shared-storage',
    wanted: 1,
    essential: true,
    stops: 'no volume of its backend can be created, attached or removed; attached ones go on',
    heartbeat: CINDER,
    worker: { service: 'block-storage', kind: 'cinder-volume' },
    needs: [
      database,
      bus,
      images,
      need('etcd', 'soft', 'locks across hosts, where it is active/active'),
      need('pacemaker', 'soft', 'moves it, where it is active/passive'),
    ],
    unsafe: [
      {
        id: 'cinder-volume.two-active',
        moves: ['stop', 'restart', 'bootstrap'],
        when: 'a second process serves the same backend without `cluster`',
        why: 'two that know nothing of each other work on the same volumes; locks are per host',
        source: { kind: 'upstream', where: 'cinder, contributor/high_availability' },
      },
      {
        id: 'cinder-volume.host-name',
        moves: ['reconfigure'],
        when: 'its `host` or the name of its backend changes',
        why: 'volumes stay with the old name, and nobody serves them',
        source: { kind: 'ha-guide', where: 'storage-ha-block: the same host on both nodes' },
      },
    ],
  }),
  worker('cinder-backup', {
    title: 'Cinder backup',
    stops: 'no backup can be made or restored',
    heartbeat: CINDER,
    worker: { service: 'block-storage', kind: 'cinder-backup' },
    needs: [database, bus],
    unsafe: [
      {
        id: 'cinder-backup.running',
        moves: ['stop', 'restart', 'upgrade'],
        when: 'a backup or restore runs on it',
        why: 'it is broken off, and ends in error',
        source: {
          kind: 'upstream',
          where: 'cinder/backup/manager.py: what was running at start is set to error',
        },
      },
    ],
  }),
] as const;
