import { expect, test } from 'vitest';
import type { VolumeDisk } from '../../src/volumes.ts';
import { gnocchiIo } from '../../src/volumes.ts';
import { type Answer, cloudWith, NOW } from '../gnocchi-cloud.ts';

const READ = 'disk.device.read.bytes';
const WRITTEN = 'disk.device.write.bytes';
const WRITES = 'disk.device.write.requests';
const MINUTE = 60_000;
/** Spans of five minutes, the last of which begins five minutes ago. */
const spans = (...values: number[]): unknown[] =>
  values.map((value, index) => [
    new Date(NOW - (values.length - index) * 5 * MINUTE).toISOString(),
    300,
    value,
  ]);
const disk = (volumeId: string, more: Partial<VolumeDisk> = {}): VolumeDisk => ({
  volumeId,
  serverId: 's1',
  device: 'vdb',
  attachedAt: undefined,
  ...more,
});
type Told = Readonly<Record<string, Readonly<Record<string, unknown[]>>>>;

/** A Gnocchi with disks, by their names, and the points of their meters. */
function gnocchiWith(
  told: Told,
  failing: (url: string, body: string) => Answer | undefined = () => undefined,
) {
  const asked: string[] = [];
  const cloud = cloudWith(({ url = '', method }, body) => {
    const failed = failing(url, body);
    if (failed !== undefined) return failed;
    if (method !== 'POST')
      return {
        body: url.includes('marker')
          ? []
          : Object.entries(told).map(([name, meters]) => ({
              id: `id-${name}`,
              original_resource_id: name,
              metrics: Object.fromEntries(Object.keys(meters).map((meter) => [meter, 'm'])),
            })),
      };
    const meter = String(JSON.parse(body).operations[1]);
    asked.push(meter);
    return {
      body: Object.entries(told).flatMap(([name, meters]) =>
        meters[meter] === undefined
          ? []
          : [
              {
                group: { original_resource_id: name },
                measures: { measures: { [`id-${name}`]: { [meter]: { mean: meters[meter] } } } },
              },
            ],
      ),
    };
  });
  const read = async (...disks: VolumeDisk[]) =>
    gnocchiIo(await cloud).readVolumeIo({ windowMs: 30 * MINUTE, volumeOf: () => undefined, disks });
  return { read, asked };
}

test('what was written is how far the counter rose, and when it last did', async () => {
  const { read, asked } = gnocchiWith({
    's1-vdb': { [WRITTEN]: spans(100, 100, 250, 250, 400, 400), [WRITES]: spans(1, 1, 2, 2, 3, 3) },
    's1-vda': { [WRITTEN]: spans(0, 9999) },
  });
  const { value, completeness } = await read(disk('v'));
  expect(completeness).toBe('complete');
  expect([...value]).toEqual([
    [
      'v',
      {
        readBytes: undefined,
        writtenBytes: 300,
        readRequests: undefined,
        writeRequests: 2,
        lastWrittenAt: '2026-11-29T02:20:00.000Z',
        disks: 1,
        seen: 1,
      },
    ],
  ]);
  // No question for a meter that no disk has: Gnocchi would refuse it.
  expect(asked).toEqual([WRITTEN, WRITES]);
});

test('a counter that began anew with its server adds what it shows since', async () => {
  const { read } = gnocchiWith({ 's1-vdb': { [WRITTEN]: spans(1000, 1100, 5, 25, 25, 25) } });
  expect((await read(disk('v'))).value.get('v')?.writtenBytes).toBe(100 + 5 + 20);
});

test('what another volume under the same name did before is not counted', async () => {
  const { read } = gnocchiWith({ 's1-vdb': { [WRITTEN]: spans(0, 1_000_000, 2_000_000, 10, 30, 60) } });
  const attachedAt = new Date(NOW - 15 * MINUTE).toISOString();
  expect((await read(disk('v', { attachedAt }))).value.get('v')).toMatchObject({
    writtenBytes: 50,
    seen: 0.5,
  });
});

test('a volume that two servers have is the sum of its disks, and as well seen as the worse of them', async () => {
  const { read } = gnocchiWith({
    's1-vdb': { [READ]: spans(0, 1, 2, 3, 4, 5) },
    's2-vdc': { [READ]: spans(0, 10) },
  });
  const { value } = await read(
    disk('v'),
    disk('v', { serverId: 's2', device: 'vdc' }),
    disk('w', { device: 'vdz' }),
  );
  expect(value.get('v')).toMatchObject({ readBytes: 15, disks: 2, seen: 2 / 6 });
  expect(value.has('w')).toBe(false);
});

test('of a disk with one span nothing is known: no counter rose by 0', async () => {
  const { read } = gnocchiWith({ 's1-vdb': { [WRITTEN]: spans(7) } });
  expect((await read(disk('v'))).value.get('v')).toMatchObject({
    writtenBytes: undefined,
    lastWrittenAt: undefined,
  });
});

test('the shortest spans are taken, and not mixed with longer ones', async () => {
  const hours = [[new Date(NOW - 20 * MINUTE).toISOString(), 3600, 5]];
  const { read } = gnocchiWith({ 's1-vdb': { [WRITTEN]: [...hours, ...spans(10, 10, 10, 10, 10, 12)] } });
  expect((await read(disk('v'))).value.get('v')?.writtenBytes).toBe(2);
});

test('a Gnocchi without meters of these disks has answered: they are not covered', async () => {
  const { read } = gnocchiWith({ 's9-vda': { [WRITTEN]: spans(1, 2) } });
  expect(await read(disk('v'))).toMatchObject({ completeness: 'complete', value: new Map(), gaps: [] });
});

test.each<[string, number, unknown, string]>([
  ['denied', 403, '', 'denied'],
  ['failed', 500, '', 'failed'],
  ['without the type', 404, { code: 404 }, 'failed'],
  ['null', 200, null, 'failed'],
])('disks that are %s are a gap, and no volume without writes', async (_, status, body, completeness) => {
  const { read } = gnocchiWith({}, (url) =>
    url.includes('resource/instance_disk') ? { status, body } : undefined,
  );
  expect(await read(disk('v'))).toMatchObject({ completeness, value: new Map(), gaps: [{}] });
});

test('a meter that fails makes the others partial', async () => {
  const { read } = gnocchiWith({ 's1-vdb': { [READ]: spans(1, 2), [WRITTEN]: spans(1, 2) } }, (_, body) =>
    body.includes(READ) ? { status: 500, body: '' } : undefined,
  );
  const { value, completeness } = await read(disk('v'));
  expect(completeness).toBe('partial');
  expect(value.get('v')).toMatchObject({ readBytes: undefined, writtenBytes: 1 });
});

test('values that are none are a gap', async () => {
  const { read } = gnocchiWith({ 's1-vdb': { [WRITTEN]: [[new Date(NOW).toISOString(), 300, 'many']] } });
  expect(await read(disk('v'))).toMatchObject({
    completeness: 'failed',
    value: new Map(),
    gaps: [{ kind: 'cut' }],
  });
});

test('a cloud without Gnocchi is unsupported', async () => {
  const cloud = await cloudWith(() => undefined, ['compute']);
  const found = await gnocchiIo(cloud).readVolumeIo({
    windowMs: 1000,
    volumeOf: () => undefined,
    disks: [disk('v')],
  });
  expect(found).toMatchObject({ completeness: 'unsupported', value: new Map() });
});
