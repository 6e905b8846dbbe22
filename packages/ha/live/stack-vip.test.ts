import { ensurePackages, startDaemon, type Daemon } from '@groundcrew/lab';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assessStack, emptySnapshot, observeVip, unsafeNow } from '../src/stack.ts';
import { commandHost, must } from './stack-hosts.ts';

const VIP = '10.77.0.10';
const run = randomBytes(3).toString('hex');
const names = ['a', 'b'].map((name) => `gc-${run}-${name}`);
const hosts = names.map((name) => commandHost(name, ['ip', 'netns', 'exec', name]));
const daemons: Daemon[] = [];
let directory = '';

const own = (name: string): Promise<string> =>
  must('ip', '-n', name, 'addr', 'add', `${VIP}/32`, 'dev', 'lo');
const lose = (name: string): Promise<string> =>
  must('ip', '-n', name, 'addr', 'del', `${VIP}/32`, 'dev', 'lo');

beforeAll(async () => {
  await ensurePackages(['keepalived', 'iproute2', 'procps']);
  directory = await mkdtemp(join(tmpdir(), 'groundcrew-vip-'));
  for (const name of names) {
    await must('ip', 'netns', 'add', name);
    await must('ip', '-n', name, 'link', 'set', 'lo', 'up');
  }
});

afterAll(async () => {
  await Promise.all(daemons.map((daemon) => daemon.stop()));
  for (const name of names) await must('ip', 'netns', 'del', name).catch(() => undefined);
  if (directory !== '') await rm(directory, { recursive: true, force: true });
});

describe('a virtual address, in two network namespaces', () => {
  test('on nobody, on one, on both', async () => {
    const look = () => observeVip({ address: VIP, hosts });
    expect((await look()).value?.owners).toEqual([]);
    await own(names[0] ?? '');
    const owned = await look();
    expect(owned).toMatchObject({ completeness: 'complete', value: { owners: [names[0]] } });
    expect(owned.value?.hosts[0]).toMatchObject({ owns: true, interface: 'lo', keepalived: false });
    await own(names[1] ?? '');
    const both = await look();
    expect(both.value?.owners).toEqual(names);
    const critical = assessStack({ ...emptySnapshot, vips: [both] }).find(
      (finding) => finding.id === 'keepalived.double-master',
    );
    expect(critical).toMatchObject({ verdict: 'fail', severity: 'critical' });
    for (const name of names) await lose(name);
  });

  test('keepalived is seen where it runs, and not from the namespace beside it', async () => {
    const [name = ''] = names;
    const file = join(directory, 'keepalived.conf');
    // `lo` does no multicast; keepalived speaks on a wire to the other namespace, where nobody listens.
    await must(
      'ip',
      'link',
      'add',
      'v0',
      'netns',
      name,
      'type',
      'veth',
      'peer',
      'name',
      'v0',
      'netns',
      names[1] ?? '',
    );
    await must('ip', '-n', name, 'addr', 'add', '10.77.0.1/24', 'dev', 'v0');
    for (const namespace of names) await must('ip', '-n', namespace, 'link', 'set', 'v0', 'up');
    await writeFile(
      file,
      `global_defs {\n router_id ${run}\n}\nvrrp_instance v {\n state BACKUP\n interface v0\n virtual_router_id 77\n priority 100\n advert_int 1\n virtual_ipaddress { ${VIP}/24 }\n}\n`,
    );
    const look = () => observeVip({ address: VIP, hosts }, { timeout: 10_000 });
    const pids = [`--pid=${join(directory, 'k.pid')}`, `--vrrp_pid=${join(directory, 'v.pid')}`];
    daemons.push(
      await startDaemon(
        [
          'ip',
          'netns',
          'exec',
          name,
          'keepalived',
          '--dont-fork',
          '--log-console',
          '--vrrp',
          `--use-file=${file}`,
          ...pids,
        ],
        {
          within: 30_000,
          ready: async () => (await look()).value?.owners.length === 1,
        },
      ),
    );
    const seen = await look();
    expect(seen.value).toMatchObject({
      owners: [name],
      hosts: [
        { owns: true, interface: 'v0', keepalived: true },
        { owns: false, keepalived: false },
      ],
    });
    expect(
      unsafeNow('keepalived', { ...emptySnapshot, vips: [seen] }, { move: 'restart' }).map(
        (refusal) => refusal.code,
      ),
    ).toEqual(['keepalived.no-spare']);
  });

  test('a host that is gone is not seen, and no second owner is ruled out', async () => {
    const gone = commandHost('gone', ['ip', 'netns', 'exec', `gc-${run}-gone`]);
    const seen = await observeVip({ address: VIP, hosts: [...hosts, gone] });
    expect(seen).toMatchObject({ completeness: 'partial', gaps: [{ what: `vip ${VIP} on gone` }] });
    const double = assessStack({ ...emptySnapshot, vips: [seen] }).find(
      (finding) => finding.id === 'keepalived.double-master',
    );
    expect(double?.verdict).toBe('unknown');
  });
});
