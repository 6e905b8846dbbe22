import { ensurePackages, freePorts, startDaemon, type Daemon, waitUntil } from '@groundcrew/lab';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  assessStack,
  observeOvn,
  observeStack,
  type OvnTarget,
  type StackSnapshot,
  unsafeNow,
} from '../src/stack.ts';
import { commandHost, must } from './stack-hosts.ts';

const NORTH = '/usr/share/ovn/ovn-nb.ovsschema';
const SOUTH = '/usr/share/ovn/ovn-sb.ovsschema';
const daemons: Daemon[] = [];
let directory = '';

beforeAll(async () => {
  await ensurePackages(['ovn-central', 'ovn-common', 'openvswitch-common', 'openvswitch-switch']);
  directory = await mkdtemp(join(tmpdir(), 'groundcrew-ovn-'));
});

afterAll(async () => {
  await Promise.all(daemons.map((daemon) => daemon.stop()));
  if (directory !== '') await rm(directory, { recursive: true, force: true });
});

interface Server {
  readonly target: OvnTarget;
  readonly daemon: Daemon;
}

async function serve(name: string, file: string, database: OvnTarget['database']): Promise<Server> {
  const control = join(directory, `${name}.ctl`);
  const target: OvnTarget = { host: commandHost(name), database, control };
  const daemon = await startDaemon(
    ['ovsdb-server', file, `--unixctl=${control}`, `--remote=punix:${join(directory, `${name}.sock`)}`],
    { ready: async () => (await observeOvn(target)).value !== undefined },
  );
  daemons.push(daemon);
  return { target, daemon };
}

const look = (servers: readonly Server[]): Promise<StackSnapshot> =>
  observeStack({ ovn: servers.map((server) => server.target) });
const verdict = (snapshot: StackSnapshot, id: string): string | undefined =>
  assessStack(snapshot).find((finding) => finding.id === id)?.verdict;

describe('OVN’s databases', () => {
  test('one that is not clustered is an answer', async () => {
    const file = join(directory, 'south.db');
    await must('ovsdb-tool', 'create', file, SOUTH);
    const snapshot = await look([await serve('alone', file, 'OVN_Southbound')]);
    expect(snapshot.ovn).toMatchObject([{ completeness: 'complete', value: { raft: 'standalone' } }]);
    expect(verdict(snapshot, 'ovn-southbound.clustered')).toBe('fail');
    expect(unsafeNow('ovn-southbound', snapshot, { move: 'stop' }).map((refusal) => refusal.code)).toEqual([
      'ovn-southbound.alone',
    ]);
    // The other database is another matter.
    expect(unsafeNow('ovn-northbound', snapshot, { move: 'stop' }).map((refusal) => refusal.code)).toEqual([
      'ovn-northbound.unseen',
    ]);
  });

  test('three in a Raft cluster: one is killed, then another', async () => {
    const ports = await freePorts(3);
    const [first = '', ...others] = ports.map((port) => `tcp:127.0.0.1:${port}`);
    const files = ports.map((_, index) => join(directory, `north-${index + 1}.db`));
    await must('ovsdb-tool', 'create-cluster', files[0] ?? '', NORTH, first);
    const servers = [await serve('north-1', files[0] ?? '', 'OVN_Northbound')];
    for (const [index, address] of others.entries()) {
      const file = files[index + 1] ?? '';
      await must('ovsdb-tool', 'join-cluster', file, 'OVN_Northbound', address, first);
      servers.push(await serve(`north-${index + 2}`, file, 'OVN_Northbound'));
    }
    const settled = async (these: readonly Server[]): Promise<boolean> =>
      (await look(these)).ovn.every(
        ({ value }) =>
          value !== undefined &&
          value.raft !== 'standalone' &&
          value.raft.status === 'cluster member' &&
          value.raft.leader !== undefined &&
          value.raft.servers.length === 3,
      );
    const sound = async (): Promise<boolean> =>
      (await settled(servers)) && verdict(await look(servers), 'ovn-northbound.quorum-margin') === 'pass';
    await waitUntil(sound, { within: 60_000, what: 'three members' });
    const whole = await look(servers);
    expect(
      whole.ovn
        .map((observed) => (observed.value?.raft === 'standalone' ? '' : observed.value?.raft.role))
        .filter((role) => role === 'follower'),
    ).toHaveLength(2);
    expect(verdict(whole, 'ovn-northbound.quorum-margin')).toBe('pass');
    expect(verdict(whole, 'ovn-northbound.split-brain')).toBe('pass');
    expect(unsafeNow('ovn-northbound', whole)).toEqual([]);

    const [one, ...rest] = servers;
    one?.daemon.signal('SIGKILL');
    await waitUntil(() => settled(rest), { within: 60_000, what: 'a new leader' });
    await waitUntil(async () => verdict(await look(rest), 'ovn-northbound.quorum-margin') === 'fail', {
      within: 60_000,
      what: 'the margin to be gone',
    });
    expect(
      unsafeNow('ovn-northbound', await look(servers), { move: 'restart' }).map((refusal) => refusal.code),
    ).toEqual(['ovn-northbound.unseen', 'ovn-northbound.no-margin']);

    const [two, three] = rest;
    two?.daemon.signal('SIGKILL');
    if (three === undefined) throw new Error('three were started');
    await waitUntil(async () => verdict(await look([three]), 'ovn-northbound.member') === 'fail', {
      within: 60_000,
      what: 'the last to know that it is alone',
    });
    const [seen] = (await look([three])).ovn;
    expect(seen?.value?.raft).toMatchObject({ leader: undefined });
  });

  test('a control socket of nobody, and one of another program', async () => {
    const target = {
      host: commandHost('nobody'),
      database: 'OVN_Northbound',
      control: join(directory, 'none.ctl'),
    } as const;
    expect(await observeOvn(target)).toMatchObject({
      completeness: 'failed',
      gaps: [{ why: expect.stringContaining('cannot connect') }],
    });
    const [other] = daemons.filter((daemon) => daemon.running());
    expect(other).toBeDefined();
    expect(await observeOvn({ ...target, control: join(directory, 'alone.ctl') })).toMatchObject({
      completeness: 'failed',
      value: undefined,
    });
  });
});
