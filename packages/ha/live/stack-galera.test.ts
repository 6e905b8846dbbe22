import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@groundcrew/core';
import {
  ensurePackages,
  type GaleraCluster,
  type GaleraClusterNode,
  startGaleraCluster,
  waitUntil,
} from '@groundcrew/lab';
import type { Finding } from '@groundcrew/runbook';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  assessStack,
  emptySnapshot,
  type GaleraNode,
  observeGalera,
  type Seen,
  unsafeNow,
} from '../src/stack.ts';
import { must } from './stack-hosts.ts';

let cluster: GaleraCluster | undefined;

beforeAll(async () => {
  cluster = await startGaleraCluster({ nodes: 3 });
});
afterAll(() => cluster?.stop());

const nodes = (): readonly GaleraClusterNode[] => cluster?.nodes ?? [];
const nodeAt = (index: number): GaleraClusterNode => {
  const node = nodes()[index];
  if (node === undefined) throw new Error(`no node ${index}`);
  return node;
};
const look = (these = nodes(), timeout = 5_000): Promise<Seen<GaleraNode>[]> =>
  Promise.all(
    these.map((node) =>
      observeGalera(
        {
          host: '127.0.0.1',
          port: node.ports.sql,
          user: cluster?.user ?? '',
          password: new Secret(cluster?.password ?? ''),
        },
        { timeout },
      ),
    ),
  );
/** Three ports are three machines here. */
const judge = (galera: readonly Seen<GaleraNode>[]): Finding[] =>
  assessStack({ ...emptySnapshot, galera }, { machineOf: (address) => address });
const verdicts = (galera: readonly Seen<GaleraNode>[], id: string): string[] =>
  judge(galera)
    .filter((finding) => finding.id === id)
    .map((finding) => finding.verdict);
const codes = (galera: readonly Seen<GaleraNode>[], move: string): string[] =>
  unsafeNow('mariadb', { ...emptySnapshot, galera }, { move }).map((refusal) => refusal.code);
const wsrep = ({ value }: Seen<GaleraNode>) =>
  value === undefined || value.wsrep === 'off' ? undefined : value.wsrep;

describe('Galera, three nodes', () => {
  test('whole: as each node’s own client reads it', async () => {
    const seen = await look();
    expect(seen.map((observed) => observed.completeness)).toEqual(['complete', 'complete', 'complete']);
    for (const [index, observed] of seen.entries()) {
      expect(wsrep(observed)).toMatchObject({
        on: true,
        clusterSize: 3,
        clusterStatus: 'Primary',
        localState: 'Synced',
        ready: true,
        connected: true,
        evsState: 'OPERATIONAL',
        donor: false,
        joiner: false,
        weight: 1,
      });
      expect(wsrep(observed)?.clusterStateUuid).toBe(await nodeAt(index).status('cluster_state_uuid'));
    }
    expect(verdicts(seen, 'mariadb.split-brain')).toEqual(['pass']);
    expect(verdicts(seen, 'mariadb.quorum-margin')).toEqual(['pass']);
    expect(verdicts(seen, 'stack.single-point-of-failure')).toEqual(['pass']);
    expect(codes(seen, 'restart')).toEqual([]);
    expect(codes(seen, 'bootstrap')).toHaveLength(3);
    expect(verdicts(seen.slice(0, 2), 'mariadb.member-unknown')).toEqual(['unknown']);
  });

  test('over its socket, too', async () => {
    const { socket } = nodeAt(0);
    const seen = await observeGalera({
      host: 'db-1',
      socketPath: socket,
      user: cluster?.user ?? '',
      password: new Secret('wrong'),
    });
    // Who is let in over the socket is the database's matter; that it was asked shows.
    expect(seen.source).toBe(`galera ${socket}`);
    expect(['denied', 'complete']).toContain(seen.completeness);
  });

  test('held out for a backup: nobody else is restarted meanwhile', async () => {
    await nodeAt(2).query('SET GLOBAL wsrep_desync = ON');
    const held = await look();
    expect(wsrep(held[2] ?? ({} as Seen<GaleraNode>))).toMatchObject({
      desynced: true,
      localState: 'Donor/Desynced',
      donor: true,
    });
    expect(codes(held, 'restart')).toEqual(['mariadb.transfer-running']);
    await nodeAt(2).query('SET GLOBAL wsrep_desync = OFF');
    await waitUntil(async () => codes(await look(), 'restart').length === 0, {
      within: 30_000,
      what: 'it to be back',
    });
  });

  test('frozen: a gap at the deadline, neither down nor fine', async () => {
    nodeAt(2).freeze();
    const seen = await look(nodes(), 1_000);
    expect(seen[2]).toMatchObject({
      completeness: 'failed',
      gaps: [{ why: 'no whole answer within 1000 ms' }],
    });
    expect(verdicts(seen, 'mariadb.split-brain')).toEqual(['unknown']);
    expect(verdicts(seen, 'stack.single-point-of-failure')).toEqual(['unknown']);
    expect(codes(seen, 'restart')).toContain('mariadb.unseen');
    nodeAt(2).thaw();
    await waitUntil(
      async () =>
        (await look()).every(
          (observed) => wsrep(observed)?.clusterSize === 3 && wsrep(observed)?.localState === 'Synced',
        ),
      { within: 60_000, what: 'it to be back' },
    );
  });

  test('two killed: what is left is not primary, and a bootstrap is refused while the others are not seen', async () => {
    await nodeAt(2).kill();
    await waitUntil(
      async () => wsrep((await look([nodeAt(0)]))[0] ?? ({} as Seen<GaleraNode>))?.clusterSize === 2,
      { within: 60_000, what: 'the loss to be seen' },
    );
    const two = await look();
    expect(verdicts(two, 'mariadb.quorum-margin')).toEqual(['fail']);
    expect(verdicts(two, 'mariadb.member-missing')).toEqual(['fail']);
    expect(codes(two, 'restart')).toEqual(['mariadb.unseen', 'mariadb.no-margin']);

    await nodeAt(1).kill();
    await waitUntil(
      async () =>
        wsrep((await look([nodeAt(0)]))[0] ?? ({} as Seen<GaleraNode>))?.clusterStatus === 'non-Primary',
      { within: 60_000, what: 'the majority to be lost' },
    );
    const left = await look();
    expect(verdicts(left, 'mariadb.primary')).toEqual(['fail']);
    expect(wsrep(left[0] ?? ({} as Seen<GaleraNode>))).toMatchObject({ ready: false, clusterSize: 1 });
    expect(codes(left, 'bootstrap')).toEqual(['mariadb.bootstrap-unseen', 'mariadb.bootstrap-unseen']);
  });
});

test('a node that insists on TLS: with its authority, without, and with another’s', async () => {
  await ensurePackages(['openssl']);
  const directory = await mkdtemp(join(tmpdir(), 'groundcrew-galera-tls-'));
  try {
    // MariaDB reads them as a user of its own.
    await chmod(directory, 0o755);
    const [authority = '', other = ''] = await Promise.all(
      ['own', 'other'].map(async (name) => {
        const file = (kind: string): string => join(directory, `${name}.${kind}`);
        const words = [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=127.0.0.1',
        ];
        await must(
          'openssl',
          ...words,
          '-addext',
          'subjectAltName=IP:127.0.0.1',
          '-keyout',
          file('key'),
          '-out',
          file('crt'),
        );
        await chmod(file('key'), 0o644);
        return readFile(file('crt'), 'utf8');
      }),
    );
    const settings = [
      `ssl_cert=${join(directory, 'own.crt')}`,
      `ssl_key=${join(directory, 'own.key')}`,
      'require_secure_transport=ON',
    ];
    await using single = await startGaleraCluster({ nodes: 1, settings });
    const [node] = single.nodes;
    const target = {
      host: '127.0.0.1',
      port: node?.ports.sql ?? 0,
      user: single.user,
      password: new Secret(single.password),
    };
    expect(await observeGalera({ ...target, ca: authority })).toMatchObject({
      completeness: 'complete',
      value: { wsrep: { clusterSize: 1 } },
    });
    expect(await observeGalera(target)).toMatchObject({ completeness: 'denied', value: undefined });
    // The authority is right, and the certificate is for the address alone.
    expect(await observeGalera({ ...target, host: 'localhost', ca: authority })).toMatchObject({
      completeness: 'failed',
      gaps: [{ why: expect.stringContaining('localhost') }],
    });
    expect(await observeGalera({ ...target, ca: other })).toMatchObject({
      completeness: 'failed',
      gaps: [{ why: expect.stringContaining('self-signed') }],
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
