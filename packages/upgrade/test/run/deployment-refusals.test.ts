import { InputError } from '@groundcrew/ground';
import { expect, test } from 'vitest';
import { series } from '../../src/index.ts';
import {
  kollaAnsibleCommands,
  type KollaAnsibleOptions,
  openstackAnsibleCommands,
  type OpenstackAnsibleOptions,
  type PlannedHop,
} from '../../src/run.ts';
import { epoxyToGazpacho, hop, topology } from './fixtures/topology.ts';

const row = (name: string) => {
  const found = series.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};
const between = (from: string, to: string): PlannedHop => ({ from: row(from), to: row(to) });

const kolla = (more: Partial<KollaAnsibleOptions> = {}, of: PlannedHop = epoxyToGazpacho) =>
  kollaAnsibleCommands(of, { topology, inventory: 'multinode', ...more });
const osa = (more: Partial<OpenstackAnsibleOptions> = {}, of: PlannedHop = epoxyToGazpacho) =>
  openstackAnsibleCommands(of, { topology, tag: '33.0.1', ...more });
const codesOf = (answer: ReturnType<typeof kolla>) =>
  answer.ok ? [] : answer.refusals.map(({ code }) => code);
const reasonsOf = (answer: ReturnType<typeof kolla>) =>
  answer.ok ? [] : answer.refusals.map(({ reason }) => reason);

test.each([
  ['gazpacho', 'epoxy'],
  ['victoria', 'zed'],
])('%s to %s is no hop', (from, to) => {
  expect(codesOf(kolla({}, between(from, to)))).toContain('not-a-hop');
  expect(codesOf(osa({}, between(from, to)))).toContain('not-a-hop');
});

test('a hop of a file whose series is none', () => {
  const { from, to } = epoxyToGazpacho;
  expect(codesOf(kolla({}, { from, to: { ...to, name: 'hubris' as 'zed' } }))).toEqual(['not-a-hop']);
});

test.each([
  ['zed', 'antelope'],
  ['gazpacho', 'hibiscus'],
])('%s to %s: nobody has read that command line', (from, to) => {
  expect(codesOf(kolla({}, between(from, to)))).toEqual(['unknown-release']);
  expect(reasonsOf(osa({}, between(from, to)))).toEqual([
    `the command line of openstack-ansible ${row(to).number} is not known here, only those of 2024.1, 2024.2, 2025.1, 2025.2, 2026.1`,
  ]);
});

test('services that nobody knows, or that run nowhere, and not the others instead', () => {
  expect(reasonsOf(kolla({ services: ['keystone', 'zaqar', 'heat'] }))).toEqual([
    'there is no recipe of zaqar',
    'heat does not run in the topology',
  ]);
  expect(codesOf(osa({ topology: { hosts: [{ name: 'a', runs: ['keystone', 'zaqar-server'] }] } }))).toEqual([
    'unknown-service',
  ]);
});

test('what a tool does not deploy is refused from the release on that is without it', () => {
  const swift = { hosts: [{ name: 'a', runs: ['swift-proxy', 'keystone'] }] };
  expect(reasonsOf(kolla({ topology: swift }, hop('2024.1', '2025.1')))).toEqual([
    'kolla-ansible deploys no swift-proxy since 2025.1 (releasenotes/notes/remove-swift-5ebd7b5c4a2cb5b7.yaml)',
  ]);
  expect(codesOf(kolla({ topology: swift }, hop('2024.1', '2024.2')))).toEqual([]);
  expect(codesOf(kolla({ topology: swift, services: ['keystone'] }))).toEqual([]);
  expect(codesOf(osa({ topology: swift }))).toEqual([]);
  const bridge = { hosts: [{ name: 'a', runs: ['neutron-server', 'neutron-linuxbridge-agent'] }] };
  expect(codesOf(kolla({ topology: bridge }))).toEqual(['not-deployed']);
  expect(codesOf(osa({ topology: bridge }))).toEqual(['not-deployed']);
  const macvtap = { hosts: [{ name: 'a', runs: ['neutron-server', 'neutron-macvtap-agent'] }] };
  expect(codesOf(osa({ topology: macvtap, tag: '29.0.0' }, hop('2023.2', '2024.1')))).toEqual([
    'not-deployed',
  ]);
});

test('several cells: openstack-ansible knows one, kolla-ansible documents them', () => {
  const cells = { ...topology, cells: 2 };
  expect(codesOf(osa({ topology: cells }))).toEqual(['multi-cell']);
  expect(codesOf(osa({ topology: cells, services: ['keystone'] }))).toEqual([]);
  expect(codesOf(kolla({ topology: cells }))).toEqual([]);
});

test.each(['my site', 'a*', 'a?b', 'tab$HOME', "o'clock"])(
  '%j is taken apart by the shell script of 2024.1, and not by what came after',
  (inventory) => {
    expect(codesOf(kolla({ inventory }, hop('2023.2', '2024.1')))).toEqual(['not-one-word']);
    expect(codesOf(kolla({ inventory: 'multinode', configDir: inventory }, hop('2023.2', '2024.1')))).toEqual(
      ['not-one-word'],
    );
    expect(codesOf(kolla({ inventory }))).toEqual([]);
  },
);

const fieldOf = (call: () => unknown): string | undefined => {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error.field;
    throw error;
  }
  return undefined;
};

test.each(['', '-e@x', '--limit', 'a\0b', 'a\nb', 'a\u202Eb', 'a\uD800'])(
  '%j is no path that an argument can be',
  (path) => {
    expect(fieldOf(() => kolla({ inventory: path }))).toBe('inventory');
    expect(fieldOf(() => kolla({ configDir: path }))).toBe('configDir');
    expect(fieldOf(() => osa({ directory: `/${path}\0` }))).toBe('directory');
    expect(fieldOf(() => osa({ configDir: path }))).toBe('configDir');
  },
);

test.each(['all', 'ungrouped', 'compute', 'control'])('a host called %s would be a group', (name) => {
  const hosts = [
    { name: 'ctl-1', runs: ['nova-conductor'] },
    { name, runs: ['nova-compute'] },
  ];
  expect(fieldOf(() => kolla({ topology: { hosts }, wave: 1 }))).toBe('topology.hosts.1.name');
});

test.each(['cmp-1:!ctl', 'cmp 1', '-cmp', 'a,b', '*', 'a\nb', ''])('%j is no name of a host', (name) => {
  const hosts = [{ name, runs: ['nova-compute'] }];
  expect(fieldOf(() => kolla({ topology: { hosts } }))).toBe('topology.hosts.0.name');
  expect(fieldOf(() => osa({ topology: { hosts } }))).toBe('topology.hosts.0.name');
});

test('options that would be left out without a word', () => {
  expect(fieldOf(() => kolla({ by: 'cloud', wave: 1 }))).toBe('wave');
  expect(fieldOf(() => kolla({ wave: 0 }))).toBe('wave');
  expect(fieldOf(() => kolla({ inventory: [] }))).toBe('inventory');
  expect(fieldOf(() => osa({ tag: '32.0.1' }))).toBe('tag');
  expect(fieldOf(() => osa({ tag: 'master' }))).toBe('tag');
  expect(fieldOf(() => osa({ directory: 'openstack-ansible' }))).toBe('directory');
});
