import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureLab, ensurePackages } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { backupControlPlane, type DatabaseFacts, hostFiles, mariadb } from '../src/control-plane.ts';
import { openRepository, restic } from '../src/repository.ts';

// The lab's own control plane, into a repository of restic on this machine.
const host = localHost({ name: 'lab' });
let folder = '';

beforeAll(async () => {
  await ensurePackages(['restic', 'mariadb-backup']);
  const lab = await ensureLab();
  folder = path.dirname(lab.cloudsYaml);
}, 15 * 60_000);

async function emptyRepository() {
  const at = await mkdtemp(path.join(tmpdir(), 'control-plane-'));
  onTestFinished(() => rm(at, { recursive: true }));
  return openRepository({
    engine: restic({ repository: path.join(at, 'repository'), password: 'of a test' }),
    create: true,
  });
}

const database = () =>
  mariadb({
    host,
    socket: path.join(folder, 'infra/mysql.sock'),
    datadir: path.join(folder, 'infra/mysql'),
    user: 'root',
  });

test(
  'databases, keys and configurations are one point, and the copy of the databases starts',
  { timeout: 600_000 },
  async () => {
    await using repository = await emptyRepository();
    const keys = path.join(folder, 'lab/etc');
    const said: string[] = [];
    const { point, contents } = await backupControlPlane(repository, {
      site: 'lab',
      parts: [database(), hostFiles({ host, name: 'etc', paths: [keys] })],
      onProgress: (part, message) => said.push(`${part}: ${message}`),
    });
    expect(point.gaps).toEqual([]);
    expect(point.completeness).toBe('complete');
    expect(said).toContain('mariadb: starting the copy');
    const facts = contents.parts.find(({ name }) => name === 'mariadb')?.facts as DatabaseFacts;
    expect(Object.keys(facts.databases)).toEqual(
      expect.arrayContaining(['lab_keystone', 'lab_nova', 'lab_neutron', 'lab_cinder']),
    );
    expect(Object.keys(facts.checksums).length).toBeGreaterThan(300);
    // The lab has no binary log.
    expect(facts.position).toMatchObject({ kind: 'none' });
    expect(await repository.latest({ kind: 'control-plane', site: 'lab' })).toMatchObject({ id: point.id });
  },
);

test('what is not there is a gap, and a server that cannot be copied too', { timeout: 300_000 }, async () => {
  await using repository = await emptyRepository();
  const { point } = await backupControlPlane(repository, {
    site: 'lab',
    parts: [
      mariadb({ host, socket: '/nowhere/mysql.sock' }),
      hostFiles({ host, name: 'etc', paths: [path.join(folder, 'lab/etc/keystone'), '/nowhere'] }),
    ],
  });
  expect(point.completeness).toBe('partial');
  expect(point.gaps.map(({ what }) => what)).toEqual(['mariadb of lab', '/nowhere of lab']);
});
