// The meters of Ceilometer's own polling.yaml, as its tags have the file (openstack/ceilometer, etc/ceilometer/polling.yaml).
import { expect, test } from 'vitest';
import { coverageFigures, type CoverageSource, coverageWays, settingWords } from '../../src/coverage.ts';

const DISKS = [
  'disk.device.read.bytes',
  'disk.device.read.requests',
  'disk.device.write.bytes',
  'disk.device.write.requests',
];
const OLD_DISKS = ['disk.read.bytes', 'disk.read.requests', 'disk.write.bytes', 'disk.write.requests'];
const NICS = [
  'network.incoming.bytes',
  'network.incoming.packets',
  'network.outgoing.bytes',
  'network.outgoing.packets',
];
const VOLUMES = ['volume.size', 'volume.snapshot.size', 'volume.backup.size'];
const releases: readonly (readonly [release: string, meters: readonly string[]])[] = [
  ['Pike', ['cpu', 'cpu_l3_cache', 'memory.usage', ...NICS, ...OLD_DISKS]],
  ['Queens', ['cpu', 'cpu_l3_cache', 'memory.usage', ...NICS, ...DISKS]],
  ['Zed', ['cpu', 'cpu_l3_cache', 'memory.usage', ...NICS, ...DISKS]],
  ['2023.1', ['cpu', 'cpu_l3_cache', 'memory.usage', ...NICS, ...DISKS]],
  ['2023.2', ['cpu', 'cpu_l3_cache', 'memory.usage', ...NICS, ...DISKS, ...VOLUMES]],
  ['2024.1', ['cpu', 'cpu_l3_cache', 'memory.usage', ...NICS, ...DISKS, ...VOLUMES]],
  ['2025.1', ['power.state', 'cpu', 'memory.usage', ...NICS, ...DISKS, ...VOLUMES]],
  ['2025.2', ['power.state', 'cpu', 'memory.available', 'memory.usage', ...NICS, ...DISKS, ...VOLUMES]],
  ['2026.1', ['power.state', 'cpu', 'memory.available', 'memory.usage', ...NICS, ...DISKS, ...VOLUMES]],
];

const polling = coverageWays.flatMap(({ opensWith }) =>
  opensWith.filter(({ file }) => file.startsWith('polling.yaml')),
);

test.each([...new Map(polling.map((setting) => [setting.line, setting])).values()])(
  'Ceilometer’s own polling.yaml of each release says the same of “$line”',
  ({ line, byDefault }) => {
    const first = releases.find(([, meters]) => meters.includes(line.slice(2)))?.[0];
    expect(byDefault).toEqual(first === undefined ? 'off' : { onSince: first });
    // And none has lost it since.
    const from = releases.findIndex(([release]) => release === first);
    const since = from === -1 ? [] : releases.slice(from);
    expect(since.filter(([, meters]) => !meters.includes(line.slice(2)))).toEqual([]);
  },
);

test('each figure has a way, each way a setting with its source, and no two ways look at the same', () => {
  for (const { id } of coverageFigures) expect(coverageWays.some(({ figure }) => figure === id)).toBe(true);
  for (const { opensWith } of coverageWays) {
    expect(opensWith.length).toBeGreaterThan(0);
    for (const { program, file, line, source } of opensWith) {
      expect([program, file, line].every((text) => text.trim() !== '')).toBe(true);
      expect(source).toMatch(/^[\w./-]+: \S/);
    }
  }
  const looks = coverageWays.map((way) => JSON.stringify({ ...way, opensWith: undefined }));
  expect(new Set(looks).size).toBe(looks.length);
});

test('a metric of Gnocchi is opened by a line that names it, or by notifications that make it', () => {
  const unopened = coverageWays.filter(
    (way) =>
      way.source === 'gnocchi' &&
      !way.opensWith.some(({ line, file }) => line === `- ${way.metric}` || file.includes('nova.conf')),
  );
  expect(unopened).toEqual([]);
});

test('what only one kind of source can have', () => {
  const sourcesOf = (id: string): CoverageSource[] => [
    ...new Set(coverageWays.filter(({ figure }) => figure === id).map(({ source }) => source)),
  ];
  expect(sourcesOf('ports.state')).toEqual(['prometheus']);
  expect(sourcesOf('endpoints.answer')).toEqual(['prometheus']);
  expect(sourcesOf('volumes.audit')).toEqual(['notifications']);
});

test('a setting in words names the file, the line and whose default it is', () => {
  const words = polling.map(settingWords);
  expect(words).toContain(
    'polling.yaml, under sources[].meters: - volume.size (ceilometer-polling --polling-namespaces central, on a controller; on by default since 2023.2)',
  );
  for (const text of words) expect(text).not.toContain('\n');
});
