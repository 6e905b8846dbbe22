import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensurePackages, type GaleraClusterNode, startGaleraCluster } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  backupControlPlane,
  type ComponentPlace,
  controlPlaneImplementations,
  mariadb,
  planControlPlaneRestore,
} from '../src/control-plane.ts';
import { openRepository, restic } from '../src/repository.ts';

// Three real nodes of Galera, beside the lab's own server: what is dropped here nobody misses.
const ROWS = 5_000;

beforeAll(() => ensurePackages(['restic', 'mariadb-server', 'mariadb-backup', 'galera-4', 'rsync']), 900_000);

const STOP = `[ -e "$1" ] || exit 0
pid=$(cat "$1"); kill "$pid" 2>/dev/null; for i in $(seq 600); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.1; done; exit 1`;
const READY = `mariadb --no-defaults "--socket=$1" -N -B -e "SHOW GLOBAL STATUS LIKE 'wsrep_local_state_comment'" | grep -q Synced`;

const placeOf = (
  { name, socket, commands, dataDirectory }: GaleraClusterNode,
  first: boolean,
): ComponentPlace => ({
  host: name,
  start: first ? commands.bootstrap : commands.start,
  stop: ['sh', '-c', STOP, 'sh', path.join(path.dirname(dataDirectory), 'mariadbd.pid')],
  ready: ['sh', '-c', READY, 'sh', socket],
});

test(
  'a cluster whose databases were dropped comes back from a copy of one node, on all of them',
  { timeout: 900_000 },
  async () => {
    await using cluster = await startGaleraCluster({ nodes: 3 });
    const folder = await mkdtemp('/var/tmp/galera-restore-');
    onTestFinished(() => rm(folder, { recursive: true }));
    const [one, two, three] = cluster.nodes;
    if (one === undefined || two === undefined || three === undefined) throw new TypeError('three nodes');
    await one.query(
      `CREATE DATABASE nova; USE nova; CREATE TABLE instances (id INT PRIMARY KEY, name TEXT); INSERT INTO instances SELECT seq, CONCAT('s', seq) FROM seq_1_to_${ROWS}`,
    );
    const host = localHost({ name: two.name });
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const { point } = await backupControlPlane(repository, {
      site: 'here',
      parts: [mariadb({ host, socket: two.socket, datadir: two.dataDirectory, user: 'root' })],
    });
    expect(point.gaps).toEqual([]);
    const uuid = await one.status('local_state_uuid');
    const copied = Number(await one.status('last_committed'));
    expect(point.contents).toMatchObject({
      parts: [{ facts: { position: { kind: 'galera', uuid, seqno: copied } } }],
    });
    // The cluster goes on: each of its nodes is ahead of the copy then.
    await three.query('DROP DATABASE nova; CREATE DATABASE other');

    const planned = planControlPlaneRestore(point, {
      order: [['mariadb']],
      components: { mariadb: [placeOf(one, true), placeOf(two, false), placeOf(three, false)] },
      databases: {
        mariadb: {
          host: one.name,
          component: 'mariadb',
          datadir: one.dataDirectory,
          socket: one.socket,
        },
      },
    });
    if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
    const { outcome } = run(planned.plan, {
      approved: planned.plan.digest,
      implementations: controlPlaneImplementations({
        repository,
        hosts: Object.fromEntries(cluster.nodes.map(({ name }) => [name, localHost({ name })])),
      }),
      journal: memoryJournal(),
    });
    const ended = await outcome;
    expect(ended, JSON.stringify(ended)).toMatchObject({ status: 'succeeded' });
    // The copy has no state of Galera: it begins a new one, which no other node takes for a part of its own.
    expect(await one.status('local_state_uuid')).not.toBe(uuid);
    for (const node of cluster.nodes) {
      expect(await node.query('SELECT COUNT(*) FROM nova.instances')).toEqual([[String(ROWS)]]);
      expect((await node.query('SHOW DATABASES')).flat()).not.toContain('other');
      expect(await node.status('cluster_size')).toBe('3');
    }
    // And it is a cluster: what one is told all know.
    await two.query("INSERT INTO nova.instances VALUES (0, 'after')");
    expect(await three.query('SELECT name FROM nova.instances WHERE id = 0')).toEqual([['after']]);
  },
);
