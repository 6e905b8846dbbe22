// Series as exporters of libvirt have them: kumina/libvirt_exporter and its descendants (inovex, fitbeard: a series
// `block_meta` with the serial), Tinkoff/libvirt-exporter (`block_stats_info`), and those without any serial.
import type { Observed } from '@groundcrew/core';
import { expect, test } from 'vitest';
import type { Prometheus, PrometheusSeries } from '../../src/prometheus.ts';
import { libvirtIo } from '../../src/volumes.ts';

const A = '5f1a922c-e4b5-4020-9308-d70fd8219ac8';
const B = '9a1b922c-e4b5-4020-9308-d70fd8219acb';
const OLD = '00000000-0000-4000-8000-00000000000a';

type Row = readonly [name: string, labels: Record<string, string>, value?: number];
const disk = (domain: string, target_device: string, more: Record<string, string> = {}) => ({
  domain,
  target_device,
  instance: 'compute-1:9177',
  job: 'libvirt',
  ...more,
});

/**
 * A Prometheus that has these series, each with its increase; it answers the question for the series that it names. It has
 * samples of the whole window, unless `seen` says at how many of its 60 moments.
 */
function holding(rows: readonly Row[], failing?: string): Prometheus {
  const answer = (expression: string): Observed<readonly PrometheusSeries[]> => {
    const isFailing = failing !== undefined && expression.includes(failing);
    const value = asked(rows, expression).map(([, labels, point = 1]) => ({
      labels,
      points: [{ at: 0, value: point }],
    }));
    const gap = { what: 'p', kind: 'failed', why: 'no', remedy: undefined, requestIds: [] } as const;
    return {
      value: isFailing ? [] : value,
      at: '2026-11-29T09:00:00.000Z',
      source: 'p',
      completeness: isFailing ? 'failed' : 'complete',
      gaps: isFailing ? [gap] : [],
    };
  };
  return {
    name: 'p',
    query: (expression) => Promise.resolve(answer(expression)),
    queryRange: () => Promise.reject(new Error('not asked')),
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function asked(rows: readonly Row[], expression: string): readonly Row[] {
  const called = (wanted: string): readonly Row[] => rows.filter(([name]) => name === wanted);
  if (expression.startsWith('max_over_time')) return called('last-write');
  if (!expression.startsWith('count_over_time'))
    return rows.filter(([name]) => expression.includes(`(${name}[`));
  const seen = called('seen');
  const figures = rows.filter(([name]) => expression.includes(name));
  return seen.length > 0 ? seen : figures.map(([name, labels]) => [name, labels, 60]);
}

const read = (rows: readonly Row[], failing?: string) =>
  libvirtIo(holding(rows, failing)).readVolumeIo({
    windowMs: 3_600_000,
    disks: [],
    volumeOf: (id) => (id === OLD ? A : [A, B].find((known) => known === id)),
  });

const WRITTEN = 'libvirt_domain_block_stats_write_bytes_total';
const WRITES = 'libvirt_domain_block_stats_write_requests_total';

test('a disk is a volume’s by the serial of its info, of either kind of exporter', async () => {
  const io = await read([
    ['libvirt_domain_block_meta', disk('instance-1', 'vda', { serial: A })],
    ['libvirt_domain_block_stats_info', disk('instance-2', 'vdb', { serial: B.toUpperCase() })],
    [WRITTEN, disk('instance-1', 'vda'), 100],
    [WRITTEN, disk('instance-2', 'vdb'), 7],
    ['last-write', disk('instance-1', 'vda'), 1_764_400_020],
  ]);
  expect(io.completeness).toBe('complete');
  expect(io.value.get(A)).toEqual({
    readBytes: undefined,
    writtenBytes: 100,
    readRequests: undefined,
    writeRequests: undefined,
    lastWrittenAt: '2025-11-29T07:07:00.000Z',
    disks: 1,
    seen: 1,
  });
  expect(io.value.get(B)?.writtenBytes).toBe(7);
});

test('or by the labels of the figures themselves, or by Cinder’s name in the path, also after a migration', async () => {
  const io = await read([
    [WRITTEN, disk('instance-1', 'vda', { source_file: `volumes/volume-${OLD}` }), 3],
    [WRITTEN, disk('instance-2', 'vda', { serial: B }), 4],
  ]);
  expect([...io.value].map(([id, { writtenBytes }]) => [id, writtenBytes])).toEqual([
    [A, 3],
    [B, 4],
  ]);
});

test('a disk without a serial and without such a path is no volume’s, and neither is one of an unknown volume', async () => {
  const io = await read([
    [WRITTEN, disk('instance-1', 'vda', { source_file: '/var/lib/nova/instances/x/disk' }), 3],
    [WRITTEN, disk('instance-1', 'vdb', { serial: '11111111-1111-4111-8111-111111111111' }), 3],
    [WRITTEN, disk('instance-1', 'vdc', { serial: 'QM00001' }), 3],
  ]);
  expect([...io.value]).toEqual([]);
});

test('two hosts of a server that moved are added; two servers of a volume are two disks', async () => {
  const moved = disk('instance-1', 'vda', { serial: A });
  const io = await read([
    [WRITTEN, moved, 10],
    [WRITTEN, { ...moved, instance: 'compute-2:9177' }, 5],
    [WRITTEN, disk('instance-9', 'vdb', { serial: A }), 1],
  ]);
  expect(io.value.get(A)).toMatchObject({ writtenBytes: 16, disks: 2 });
});

test('a host that two jobs scrape counts once: as the job tells that has seen more', async () => {
  const seen = disk('instance-1', 'vda', { serial: A });
  const io = await read([
    [WRITTEN, seen, 10],
    [WRITTEN, { ...seen, job: 'libvirt-2', instance: 'compute-1:9000' }, 12],
    [WRITES, { ...seen, job: 'libvirt-2', instance: 'compute-1:9000' }, 2],
  ]);
  expect(io.value.get(A)).toMatchObject({ writtenBytes: 12, writeRequests: 2, disks: 1 });
});

test('a negative rate, NaN and an infinity are no figures', async () => {
  const io = await read([
    [WRITTEN, disk('i', 'vda', { serial: A }), -1],
    [WRITES, disk('i', 'vda', { serial: A }), NaN],
    [WRITTEN, disk('i', 'vdb', { serial: B }), Infinity],
  ]);
  expect([...io.value]).toEqual([]);
});

test('an answer that fails makes the whole partial: what is there is given', async () => {
  const io = await read([[WRITTEN, disk('i', 'vda', { serial: A }), 1]], WRITES);
  expect(io.completeness).toBe('partial');
  expect(io.gaps.length).toBeGreaterThan(0);
  expect(io.value.get(A)?.writtenBytes).toBe(1);
});

test('how much of the window was seen: a source that came later, one that was away, two hosts one after the other', async () => {
  const seen = async (...counts: readonly Row[]) => {
    const { value } = await read([[WRITTEN, disk('i', 'vda', { serial: A }), 9], ...counts]);
    return value.get(A)?.seen;
  };
  const on = (instance: string, moments: number): Row => [
    'seen',
    disk('i', 'vda', { serial: A, instance }),
    moments,
  ];
  expect(await seen(on('compute-1', 15))).toBe(0.25);
  expect(await seen(on('compute-1', 30), on('compute-2', 15))).toBe(0.75);
  // A server that moves is told of by both hosts for a moment; and one moment may fall out at the window's edges.
  expect(await seen(on('compute-1', 30), on('compute-2', 31))).toBe(1);
  expect(await seen(on('compute-1', 59))).toBe(1);
  expect(await seen(on('compute-1', 58))).toBe(58 / 60);
});

test('of two disks of a volume the one counts of which less is known; of no answer nothing is known', async () => {
  const rows: readonly Row[] = [
    [WRITTEN, disk('i', 'vda', { serial: A }), 9],
    [WRITTEN, disk('j', 'vdb', { serial: A }), 9],
    ['seen', disk('i', 'vda', { serial: A }), 60],
    ['seen', disk('j', 'vdb', { serial: A }), 6],
  ];
  expect((await read(rows)).value.get(A)?.seen).toBe(0.1);
  expect((await read(rows, 'count_over_time')).value.get(A)?.seen).toBeUndefined();
});
