// A block of docs/guides/backup.md: backup.test.ts compares them.
import { controlPlaneImplementations, planControlPlaneRestore } from '@groundcrew/backup-dr/control-plane';
import { openRepository, restic } from '@groundcrew/backup-dr/repository';
import { Secret } from '@groundcrew/core';
import { explain, fileJournal, run } from '@groundcrew/runbook';
import { sshHost } from '@groundcrew/runbook/hosts';

const password = new Secret(process.env['BACKUP_PASSWORD'] ?? '');
await using repo = await openRepository({ engine: restic({ repository: '/srv/backups', password }) });
const point = await repo.latest({ kind: 'control-plane', site: 'fra' });
if (point === undefined) throw new TypeError('there is no point');

const unit = (name: string) =>
  [
    {
      host: 'ctl-1',
      stop: ['systemctl', 'stop', name],
      start: ['systemctl', 'start', name],
    },
  ] as const;
const planned = planControlPlaneRestore(point, {
  order: [['mariadb', 'rabbitmq'], ['keystone'], ['glance', 'neutron'], ['nova']], // startOrder of @groundcrew/ha/stack
  components: {
    mariadb: unit('mariadb'),
    rabbitmq: unit('rabbitmq-server'),
    keystone: unit('apache2'),
    glance: unit('glance-api'),
    neutron: unit('neutron-server'),
    nova: unit('nova-api'),
  },
  databases: { mariadb: { host: 'ctl-1', component: 'mariadb' } },
  definitions: { rabbitmq: { host: 'ctl-1', component: 'rabbitmq' } },
  ovn: {
    host: 'ctl-1',
    command: ['neutron-ovn-db-sync-util', '--config-file', '/etc/neutron/neutron.conf'],
  },
});
if (!planned.ok) throw new TypeError(planned.refusals.map(({ reason }) => reason).join('; '));
console.log(explain(planned.plan));
const { outcome } = run(planned.plan, {
  approved: planned.plan.digest, // in earnest: what the person who read it typed
  implementations: controlPlaneImplementations({
    repository: repo,
    hosts: { 'ctl-1': sshHost({ host: 'ctl-1' }) },
    sudo: true,
  }),
  journal: fileJournal('/var/lib/groundcrew/control-plane.journal'),
  onFailure: 'roll-back',
});
console.log((await outcome).status); // paused: OVN was compared, and is repaired after a yes (`gate`)
