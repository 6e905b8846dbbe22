import { ensurePackages, freePorts, startDaemon, type Daemon, waitUntil } from '@groundcrew/lab';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assessStack, observeEtcd, observeStack, type StackSnapshot, unsafeNow } from '../src/stack.ts';

const daemons: Daemon[] = [];
let directory = '';

beforeAll(async () => {
  await ensurePackages(['etcd-server']);
  directory = await mkdtemp(join(tmpdir(), 'groundcrew-etcd-'));
});

afterAll(async () => {
  await Promise.all(daemons.map((daemon) => daemon.stop()));
  if (directory !== '') await rm(directory, { recursive: true, force: true });
});

interface Member {
  readonly url: string;
  readonly daemon: Daemon;
}

async function cluster(token: string, size: number): Promise<Member[]> {
  const ports = await freePorts(size * 2);
  const at = (index: number): string => `http://127.0.0.1:${ports[index]}`;
  const initial = Array.from({ length: size }, (_, index) => `${token}${index}=${at(index * 2 + 1)}`).join(
    ',',
  );
  const started = await Promise.all(
    Array.from({ length: size }, async (_, index): Promise<Member> => {
      const url = at(index * 2);
      const peer = at(index * 2 + 1);
      const settings = {
        name: `${token}${index}`,
        'data-dir': join(directory, `${token}${index}`),
        'listen-client-urls': url,
        'advertise-client-urls': url,
        'listen-peer-urls': peer,
        'initial-advertise-peer-urls': peer,
        'initial-cluster': initial,
        'initial-cluster-token': token,
        'initial-cluster-state': 'new',
      };
      const daemon = await startDaemon(
        ['etcd', ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
        { ready: async () => (await observeEtcd({ url })).value?.leader !== undefined },
      );
      daemons.push(daemon);
      return { url, daemon };
    }),
  );
  return started;
}

const look = (members: readonly Member[]): Promise<StackSnapshot> =>
  observeStack({ etcd: members.map(({ url }) => ({ url })) });
const verdict = (snapshot: StackSnapshot, id: string): string | undefined =>
  assessStack(snapshot).find((finding) => finding.id === id)?.verdict;

describe('etcd', () => {
  test('one member: an answer, and nobody to spare', async () => {
    const snapshot = await look(await cluster('one', 1));
    expect(snapshot.etcd).toMatchObject([
      {
        completeness: 'complete',
        value: {
          version: expect.stringMatching(/^3\./),
          members: [{ name: 'one0' }],
          alarms: [],
          healthy: true,
          errors: [],
        },
      },
    ]);
    expect(verdict(snapshot, 'etcd.quorum-margin')).toBe('fail');
    expect(unsafeNow('etcd', snapshot, { move: 'restart' }).map((refusal) => refusal.code)).toEqual([
      'etcd.no-margin',
    ]);
  });

  test('three members: one may go, two may not; what is left says that nobody leads', async () => {
    const members = await cluster('three', 3);
    const [first, second, third] = members;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three were started');
    // Members that started at the same time may still change their mind on who leads.
    const agreed = async (): Promise<boolean> =>
      new Set((await look(members)).etcd.map((observed) => observed.value?.leader)).size === 1;
    await waitUntil(agreed, { within: 30_000, what: 'one leader' });
    const whole = await look(members);
    expect(whole.etcd.map((observed) => observed.completeness)).toEqual(['complete', 'complete', 'complete']);
    expect(new Set(whole.etcd.map((observed) => observed.value?.clusterId)).size).toBe(1);
    expect(verdict(whole, 'etcd.quorum-margin')).toBe('pass');
    expect(verdict(whole, 'etcd.split-brain')).toBe('pass');
    expect(unsafeNow('etcd', whole)).toEqual([]);
    // Two of three were asked: that the third works is not known.
    expect(verdict(await look([first, second]), 'etcd.quorum-margin')).toBe('unknown');

    first.daemon.signal('SIGKILL');
    await waitUntil(async () => (await observeEtcd({ url: second.url })).value?.healthy === true, {
      within: 30_000,
      what: 'a new leader',
    });
    const two = await look(members);
    expect(two.etcd[0]).toMatchObject({ completeness: 'failed', value: undefined });
    expect(verdict(two, 'etcd.unseen')).toBe('unknown');
    // It may work, and be unreachable from here only.
    expect(verdict(two, 'etcd.quorum-margin')).toBe('unknown');
    expect(unsafeNow('etcd', two, { move: 'stop' }).map((refusal) => refusal.code)).toEqual(['etcd.unseen']);

    second.daemon.signal('SIGKILL');
    await waitUntil(async () => (await observeEtcd({ url: third.url })).value?.leader === undefined, {
      within: 30_000,
      what: 'the loss of the leader',
    });
    const lost = await look(members);
    expect(lost.etcd[2]?.value).toMatchObject({ leader: undefined, healthy: false });
    expect(verdict(lost, 'etcd.leader')).toBe('fail');
  });

  test('a frozen member is a gap at the deadline', async () => {
    const [only] = await cluster('frozen', 1);
    if (only === undefined) throw new Error('one was started');
    only.daemon.signal('SIGSTOP');
    const seen = await observeEtcd({ url: only.url }, { timeout: 500 });
    only.daemon.signal('SIGCONT');
    expect(seen).toMatchObject({ completeness: 'failed', gaps: [{ why: 'no whole answer within 500 ms' }] });
  });
});
