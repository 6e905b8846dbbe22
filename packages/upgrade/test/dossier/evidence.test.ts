import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Host } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { gatherEvidence } from '../../src/dossier.ts';
import { linesAround } from '../../src/dossier/lines-around.ts';

const CONF = `[DEFAULT]
# transport_url = rabbit://old:forgotten@192.0.2.9/
transport_url = rabbit://nova:r4bbit-pass@192.0.2.1:5672/
debug = true
[keystone_authtoken]
username = nova
password = k3ystone-pass
`;
const LOG = `2026-11-30 02:00:00.100 77 INFO nova.wsgi [-] long before
2026-11-30 02:13:58.100 77 ERROR nova.conductor [req-1] Login failed for nova with k3ystone-pass
Traceback (most recent call last):
  amqp.exceptions.AccessRefused: r4bbit-pass
2026-11-30 02:14:03.000 77 INFO nova.service [-] started
2026-11-30 03:00:00.000 77 INFO nova.service [-] long after
`;

/** A machine of which some programs are a test's own: what they say is known, and the rest is real. */
async function machine(): Promise<{ readonly host: Host; readonly conf: string; readonly log: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'evidence-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  const programs = {
    'dpkg-query': `printf 'nova-api\\t2:31.0.0-6\\n'`,
    systemctl: `echo 'nova-api.service loaded failed failed nova-api'`,
    journalctl: `echo "$@" in $TZ`,
    date: 'echo +0000',
  };
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${body}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  const [conf, log] = [path.join(folder, 'nova.conf'), path.join(folder, 'nova-conductor.log')];
  await writeFile(conf, CONF);
  await writeFile(log, LOG);
  const host = localHost({ name: 'ctl-1', prefix: ['env', `PATH=${bin}:${process.env['PATH']}`] });
  return { host, conf, log };
}

const around = '2026-11-30T02:14:00Z';

test('packages, states, configuration and the logs of those minutes, without a secret', async () => {
  const { host, conf, log } = await machine();
  const { value, completeness, gaps } = await gatherEvidence({
    hosts: [host],
    around,
    within: '1m',
    files: [conf],
    logs: [log],
    units: ['nova-api'],
  });
  expect([completeness, gaps]).toEqual(['complete', []]);
  expect(value.map(({ kind, name, isCut }) => [kind, name, isCut])).toEqual([
    ['packages', 'packages', false],
    ['states', 'services', false],
    ['configuration', conf, false],
    ['log', log, false],
    ['log', 'journal of nova-api', false],
  ]);
  const [packages, states, configuration, lines, journal] = value.map(({ text }) => text);
  expect(packages).toContain('nova-api\t2:31.0.0-6');
  expect(states).toContain('nova-api.service loaded failed');
  expect(configuration).toContain('debug = true');
  expect(configuration).toContain('password = ***');
  expect(lines).toBe(
    [
      '2026-11-30 02:13:58.100 77 ERROR nova.conductor [req-1] Login failed for nova with ***',
      'Traceback (most recent call last):',
      '  amqp.exceptions.AccessRefused: ***',
      '2026-11-30 02:14:03.000 77 INFO nova.service [-] started',
    ].join('\n'),
  );
  expect(journal).toContain('--since=2026-11-30 02:13:00 --until=2026-11-30 02:15:00 --unit=nova-api in UTC');
  for (const secret of ['r4bbit-pass', 'k3ystone-pass', 'forgotten'])
    expect(JSON.stringify(value)).not.toContain(secret);
});

test('what is not there, and a host that does not answer, are gaps; the rest is there', async () => {
  const { host, conf } = await machine();
  const dead: Host = {
    ...host,
    name: 'ctl-2',
    run: async () => {
      throw new Error('no route to host');
    },
  };
  const { value, completeness, gaps } = await gatherEvidence({
    hosts: [host, dead],
    around,
    files: [conf, '/nowhere/nova.conf'],
    secrets: ['no route'],
  });
  expect(completeness).toBe('partial');
  expect(value.map(({ host: on, kind }) => `${on} ${kind}`)).toEqual([
    'ctl-1 packages',
    'ctl-1 states',
    'ctl-1 configuration',
  ]);
  expect(gaps.map(({ what }) => what)).toEqual([
    '/nowhere/nova.conf on ctl-1',
    'packages on ctl-2',
    'services on ctl-2',
    `${conf} on ctl-2`,
    '/nowhere/nova.conf on ctl-2',
  ]);
  expect(gaps.at(-1)?.why).toBe('*** to host');
});

test('of what is longer than the limit the end is kept, and that is said', async () => {
  const { host, log } = await machine();
  const { value } = await gatherEvidence({ hosts: [host], around, within: '2h', logs: [log], limit: 150 });
  const cut = value.find(({ name }) => name === log);
  expect(cut?.isCut).toBe(true);
  expect(cut?.text).toContain('long after');
  expect(cut?.text).not.toContain('long before');
});

test.each([
  ['+0100', '2026-11-30 03:14:00 inside', true],
  ['+0100', '2026-11-30 02:14:00 outside', false],
  ['+0000', '2026-11-30T02:14:00.5+00:00 inside', true],
  ['+0100', '2026-11-30T02:14:00Z inside', true],
  ['+0000', 'no time', false],
  ['+0000', '2026-99-99 02:14:00 no time', false],
])('a host in %s: %s', (zone, line, isInside) => {
  const window = { from: Date.parse(around) - 1_000, to: Date.parse(around) + 1_000 };
  expect(linesAround(line, window, zone)).toBe(isInside ? line : '');
});

test('without a zone there is no time', () => {
  expect(() => linesAround('2026-11-30 02:14:00', { from: 0, to: 1 }, 'CET')).toThrow('told no zone: CET');
});

test.each([
  [{ hosts: [] }, 'hosts'],
  [{ around: 'yesterday' }, 'around'],
  [{ files: ['nova.conf'] }, 'files.0'],
  [{ units: ['a b'] }, 'units.0'],
  [{ within: 'long' }, 'within'],
  [{ file: [] }, 'file'],
])('%j is refused by its field', async (wrong, field) => {
  const given = { hosts: [localHost()], around, ...wrong };
  await expect(gatherEvidence(given as never)).rejects.toMatchObject({ field });
});
