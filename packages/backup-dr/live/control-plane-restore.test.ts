import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensurePackages } from '@groundcrew/lab';
import { memoryJournal, type Outcome, run, type RunOptions } from '@groundcrew/runbook';
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

// A MariaDB of its own, beside the lab's: what is dropped here nobody misses.
const host = localHost({ name: 'ctl-1' });
const ROWS = 5_000;

beforeAll(() => ensurePackages(['restic', 'mariadb-server', 'mariadb-backup']), 15 * 60_000);

const START = `mariadbd --no-defaults --user=root "--datadir=$1/mysql" "--socket=$1/s.sock" "--pid-file=$1/pid" --skip-networking >"$1/log" 2>&1 &
for i in $(seq 300); do mariadb --no-defaults "--socket=$1/s.sock" -e 'SELECT 1' >/dev/null 2>&1 && exit 0; sleep 0.2; done
exit 1`;
const STOP = `[ -e "$1/pid" ] || exit 0
pid=$(cat "$1/pid"); kill "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done`;

test(
  'databases that were dropped come back as they were, and never under a server that runs',
  { timeout: 600_000 },
  async () => {
    const folder = await mkdtemp('/var/tmp/restore-');
    const datadir = path.join(folder, 'mysql');
    const socket = path.join(folder, 's.sock');
    const place: ComponentPlace = {
      host: 'ctl-1',
      start: ['sh', '-c', START, 'sh', folder],
      stop: ['sh', '-c', STOP, 'sh', folder],
    };
    onTestFinished(async () => {
      await host.run(place.stop);
      await rm(folder, { recursive: true });
    });
    const sql = async (text: string): Promise<readonly string[]> => {
      const { stdout } = await host.run([
        'mariadb',
        '--no-defaults',
        `--socket=${socket}`,
        '--skip-column-names',
        `--execute=${text}`,
      ]);
      return stdout.trim().split('\n');
    };
    await host.run(
      [
        'mariadb-install-db',
        '--no-defaults',
        '--user=root',
        `--datadir=${datadir}`,
        '--auth-root-authentication-method=normal',
      ],
      { timeout: '5m' },
    );
    await host.run(place.start, { timeout: '2m' });
    await sql(
      `CREATE DATABASE nova; USE nova; CREATE TABLE instances (id INT PRIMARY KEY, name TEXT); INSERT INTO instances SELECT seq, CONCAT('s', seq) FROM seq_1_to_${ROWS}`,
    );
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const { point } = await backupControlPlane(repository, {
      site: 'here',
      parts: [mariadb({ host, socket, datadir, user: 'root' })],
    });
    expect(point.gaps).toEqual([]);
    await sql('DROP DATABASE nova; CREATE DATABASE other');

    const restore = (component: ComponentPlace, more: Partial<RunOptions> = {}): Promise<Outcome> => {
      const planned = planControlPlaneRestore(point, {
        order: [['mariadb']],
        components: { mariadb: [component] },
        databases: { mariadb: { host: 'ctl-1', component: 'mariadb', datadir, socket } },
      });
      if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
      return run(planned.plan, {
        approved: planned.plan.digest,
        implementations: controlPlaneImplementations({ repository, hosts: { 'ctl-1': host } }),
        journal: memoryJournal(),
        ...more,
      }).outcome;
    };
    const deaf: ComponentPlace = { host: 'ctl-1', start: ['true'], stop: ['true'] };
    expect(await restore(deaf, { onFailure: 'roll-back' })).toMatchObject({ status: 'rolled-back' });
    expect(await sql('SHOW DATABASES')).toContain('other');
    expect((await readdir(folder)).filter((name) => name.startsWith('mysql'))).toEqual(['mysql']);

    expect(await restore(place)).toMatchObject({ status: 'succeeded' });
    expect(await sql('SELECT COUNT(*) FROM nova.instances')).toEqual([String(ROWS)]);
    expect(await sql('SHOW DATABASES')).not.toContain('other');
    expect((await readdir(folder)).filter((name) => name.startsWith('mysql.before-'))).toHaveLength(1);
  },
);
