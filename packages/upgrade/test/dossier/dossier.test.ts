import { simulateCloud } from '@groundcrew/sim';
import { connect, type Observed } from '@groundcrew/core';
import type { CommandResult, Host } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { dossierOf, dossierText, observePackages, type PackageOnHost } from '../../src/dossier.ts';
import { seriesOfPackage } from '../../src/dossier/series-of-package.ts';
import { detectRelease, observe } from '../../src/index.ts';
import { hop } from '../run/fixtures/topology.ts';

const now = '2026-11-29T12:00:00Z';

/** A host that has these packages, and whose sources offer some others. */
function hostWith(
  name: string,
  installed: Readonly<Record<string, string>>,
  offered: Readonly<Record<string, string>> = {},
): Host {
  const answer = (command: readonly string[], stdout: string, exitCode = 0): CommandResult => ({
    host: name,
    command,
    exitCode,
    stdout,
    stderr: '',
    dropped: 0,
    durationMs: 1,
  });
  return {
    name,
    run: async (command) =>
      command[0] === 'dpkg-query'
        ? answer(
            command,
            [
              ...Object.entries(installed).map(([one, version]) => `${one}\tinstalled\t${version}`),
              'nova-cells\tconfig-files\t2:17.0.0-1',
              '',
            ].join('\n'),
            1,
          )
        : answer(
            command,
            command
              .slice(3)
              .map(
                (one) =>
                  `${one}:\n  Installed: x\n  Candidate: ${offered[one] ?? installed[one] ?? '(none)'}\n`,
              )
              .join(''),
          ),
    upload: async () => undefined,
    download: async () => new Uint8Array(),
  };
}

const controller = hostWith(
  'ctl-1',
  { 'nova-api': '2:33.0.2-1', keystone: '2:29.0.0-1', 'rabbitmq-server': '4.1.5-1' },
  { keystone: '2:29.0.1-1' },
);
const compute = hostWith('cmp-1', {
  'nova-compute': '2:31.0.0-6+deb13u3',
  'python3-novaclient': '2:18.9.0-1',
});
const dead: Host = {
  ...compute,
  name: 'cmp-2',
  run: async () => {
    throw new Error('no route to host');
  },
};

test('packages of all hosts that answer; one that does not is a gap, and so is one that has none', async () => {
  const { value, completeness, gaps } = await observePackages([
    controller,
    compute,
    dead,
    hostWith('db-1', {}),
  ]);
  expect(completeness).toBe('partial');
  expect(gaps.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'packages of cmp-2: no route to host',
    'packages of db-1: none of the packages that were asked for is installed',
  ]);
  expect(value.map(({ host, name, installed, candidate }) => [host, name, installed, candidate])).toEqual([
    ['ctl-1', 'nova-api', '2:33.0.2-1', '2:33.0.2-1'],
    ['ctl-1', 'keystone', '2:29.0.0-1', '2:29.0.1-1'],
    ['ctl-1', 'rabbitmq-server', '4.1.5-1', '4.1.5-1'],
    ['cmp-1', 'nova-compute', '2:31.0.0-6+deb13u3', '2:31.0.0-6+deb13u3'],
    ['cmp-1', 'python3-novaclient', '2:18.9.0-1', '2:18.9.0-1'],
  ]);
});

test('a tool that ends in an error tells no packages', async () => {
  const broken: Host = {
    ...controller,
    run: async (command, options) => ({
      ...(await controller.run(command, options)),
      exitCode: 2,
      stderr: 'dpkg: broken\n',
    }),
  };
  const { value, completeness, gaps } = await observePackages([broken]);
  expect([value, completeness]).toEqual([[], 'failed']);
  expect(gaps[0]?.why).toBe('dpkg-query ended with exit 2: dpkg: broken');
});

test('a service of two series, what is behind, what breaks, and whom to call', async () => {
  const dossier = dossierOf({
    now,
    packages: await observePackages([controller, compute]),
    hop: hop('2025.1', '2026.1'),
    releases: { nova: ['31.0.0', '31.1.0', '31.1.1', '33.0.0', '33.0.2'], keystone: ['29.0.0', '29.0.1'] },
    contacts: [
      { name: 'Vendor', reach: ['+49 30 1234567', 'contract 4711'], services: ['nova'] },
      { name: 'On call', reach: ['+49 30 7654321'] },
    ],
    issues: [{ service: 'nova', title: 'Evacuation hangs', source: 'https://bugs.example.com/1' }],
  });
  expect(dossier.services.map(({ service, series }) => [service, series])).toEqual([
    ['keystone', ['gazpacho']],
    ['nova', ['epoxy', 'gazpacho']],
  ]);
  const [keystone, nova] = dossier.services;
  expect(keystone?.contacts.map(({ name }) => name)).toEqual(['On call']);
  expect(nova?.contacts.map(({ name }) => name)).toEqual(['Vendor', 'On call']);
  expect(nova?.support).toEqual([
    expect.objectContaining({ series: 'epoxy', status: expect.stringMatching(/maintained/) }),
    expect.objectContaining({
      series: 'gazpacho',
      status: 'maintained',
      until: expect.stringMatching(/^\d{4}-/),
    }),
  ]);
  expect(nova?.packages.map(({ name, series, behind }) => [name, series, behind])).toEqual([
    ['nova-api', 'gazpacho', 0],
    ['nova-compute', 'epoxy', 2],
  ]);
  expect(nova?.breaks.length).toBeGreaterThan(0);
  expect(nova?.breaks.every(({ service }) => service === 'compute')).toBe(true);
  expect(dossier.others.map(({ name }) => name)).toEqual(['rabbitmq-server', 'python3-novaclient']);
  const text = dossierText(dossier);
  expect(text).toContain('Carried by\n  rabbitmq-server 4.1.5-1 on ctl-1\n');
  expect(text).toContain('  nova-compute 2:31.0.0-6+deb13u3, 2 releases behind on cmp-1');
  expect(text).toContain('  keystone 2:29.0.0-1, its sources have 2:29.0.1-1, 1 release behind on ctl-1');
  expect(text).toContain('  call: Vendor: +49 30 1234567, contract 4711');
  expect(text).toContain('  known: Evacuation hangs (https://bugs.example.com/1)');
  expect(text).toContain('  No API was asked.');
});

test('of a cloud whose hosts nobody may enter, by its APIs alone', async () => {
  await using simulated = simulateCloud({ release: 'zed' });
  await using cloud = connect((await simulated.listen()).connectOptions);
  const found = detectRelease((await observe(cloud)).value.services);
  const { services, notKnown } = dossierOf({ now, found });
  const nova = services.find(({ service }) => service === 'nova');
  expect(nova?.series).toEqual(['zed']);
  expect(nova?.support[0]?.status).toMatch(/^(?:unmaintained|end of life)$/);
  expect(nova?.packages).toEqual([]);
  expect(services.map(({ service }) => service)).toEqual(
    expect.arrayContaining(['keystone', 'neutron', 'cinder']),
  );
  expect(notKnown).toEqual([
    'No packages were read: which hosts run what is not known.',
    'No hop was given, of which something could be known to break.',
    'Nobody is named who could be called.',
  ]);
});

test('what was planned since the table was made leaves no word on support', async () => {
  const { services, notKnown } = dossierOf({
    now: '2036-01-01T00:00:00Z',
    packages: await observePackages([compute]),
  });
  expect(services[0]?.support).toEqual([{ series: 'epoxy', status: 'unknown', until: undefined }]);
  expect(notKnown.at(-1)).toMatch(/^The table of series is of .*planned since then/);
});

test('nothing was read: a dossier that says so, and claims nothing', () => {
  const packages: Observed<readonly PackageOnHost[]> = {
    value: [],
    at: now,
    source: 'dpkg and apt',
    completeness: 'failed',
    gaps: [
      {
        what: 'packages of ctl-1',
        kind: 'failed',
        why: 'no route to host',
        remedy: undefined,
        requestIds: [],
      },
    ],
  };
  const dossier = dossierOf({ now, packages, contacts: [{ name: 'On call', reach: ['112'] }] });
  expect(dossier.services).toEqual([]);
  expect(dossierText(dossier)).toContain('packages of ctl-1: no route to host');
});

test.each([
  ['nova-api', '2:26.0.1-1', 'zed'],
  ['nova-compute-qemu', '2:33.0.2-1', 'gazpacho'],
  ['python3-nova', '3:12.0.0-1', 'liberty'],
  ['neutron-openvswitch-agent', '2:28.0.1-2~bpo12+1', 'gazpacho'],
  ['placement-api', '1.0.0-1', 'stein'],
  ['keystone', '2015.1.0-1', undefined],
  ['python3-neutron-lib', '3.21.0-1', undefined],
  ['nova-api', 'unknown', undefined],
  ['rabbitmq-server', '4.1.5-1', undefined],
])('%s %s is of %s', (name, version, expected) => {
  expect(seriesOfPackage(name, version)).toBe(expected);
});

test('hundreds of hosts with one version are one line', () => {
  const value = Array.from({ length: 400 }, (_, at) => ({
    host: `cmp-${at}`,
    name: 'nova-compute',
    installed: '2:31.0.0-6',
    candidate: undefined,
  }));
  const packages = { value, at: now, source: 'dpkg and apt', completeness: 'complete', gaps: [] } as const;
  expect(dossierText(dossierOf({ now, packages }))).toContain('  nova-compute 2:31.0.0-6 on 400 hosts\n');
});

test.each([
  [{ now: 'today' }, 'now'],
  [{ releases: { nova: ['newest'] } }, 'releases.nova.0'],
  [{ contacts: [{ name: 'On call', reach: [] }] }, 'contacts.0.reach'],
  [{ hop: {} }, 'hop'],
  [{ contact: [] }, 'contact'],
])('%j is refused by its field', (wrong, field) => {
  expect(() => dossierOf({ now, ...wrong } as never)).toThrow(expect.objectContaining({ field }));
});
