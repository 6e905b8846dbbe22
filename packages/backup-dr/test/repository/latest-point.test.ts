import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredStream } from '../../src/repository.ts';
import { factTags, hasLabels, latestPoint } from '../../src/repository/latest-point.ts';
import {
  type Manifest,
  manifestText,
  type ManifestReading,
  readManifest,
} from '../../src/repository/manifest.ts';
import { pointsIn } from '../../src/repository/points.ts';

const DAY = 24 * 60 * 60_000;

function manifestOf(point: string, day: number, labels: Record<string, string>, token = 0): Manifest {
  const at = new Date(Date.UTC(2026, 0, 1) + day * DAY).toISOString();
  const streams = [{ name: 'volume/a', id: `data-${point}`, size: 1, sha256: '0'.repeat(64), tags: {} }];
  return {
    kind: 'groundcrew-recovery-point',
    version: 1,
    point,
    at,
    written: at,
    labels,
    completeness: 'complete',
    gaps: [],
    streams,
    token,
  };
}

/** A repository as an engine lists it, and what reading its manifests gives. */
interface Stored {
  readonly streams: readonly StoredStream[];
  readonly contents: ReadonlyMap<string, ManifestReading>;
}

interface Made {
  readonly manifest: Manifest;
  readonly isTold: boolean;
  readonly isDamaged: boolean;
  readonly isWhole: boolean;
}

function stored(made: readonly Made[]): Stored {
  const contents = new Map<string, ManifestReading>();
  const streams = made.flatMap(({ manifest, isTold, isDamaged, isWhole }, nth): StoredStream[] => {
    const id = `manifest-${nth}`;
    contents.set(
      id,
      isDamaged ? { ok: false, why: 'damaged', isNewer: false } : readManifest(manifestText(manifest)),
    );
    const facts = isTold ? factTags(manifest) : {};
    return [
      { id, name: id, tags: { ...facts, kind: 'manifest', point: manifest.point } },
      ...(isWhole
        ? [{ id: `data-${manifest.point}`, name: 'volume/a', tags: { point: manifest.point } }]
        : []),
    ];
  });
  return { streams, contents };
}

async function latestOf({ streams, contents }: Stored, labels: Record<string, string>) {
  const readings = new Map<string, ManifestReading>();
  const read: string[] = [];
  const point = await latestPoint({ streams, unreadable: [] }, labels, readings, async (manifests) => {
    for (const { id } of manifests) {
      const reading = contents.get(id);
      if (readings.has(id) || reading === undefined) continue;
      readings.set(id, reading);
      read.push(id);
    }
  });
  return { point, read };
}

test('it is the point that reading all manifests finds', async () => {
  const aMade = fc.record({
    point: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    day: fc.nat(4),
    project: fc.constantFrom('shop', 'mail'),
    token: fc.nat(2),
    isTold: fc.boolean(),
    isDamaged: fc.boolean(),
    isWhole: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(aMade, { maxLength: 8 }), async (each) => {
      const all = stored(
        each.map(({ point, day, project, token, ...how }) => ({
          manifest: manifestOf(point, day, { project }, token),
          ...how,
        })),
      );
      const { points } = pointsIn({ streams: all.streams, unreadable: [] }, all.contents);
      for (const labels of [{}, { project: 'shop' }, { project: 'none' }])
        expect((await latestOf(all, labels)).point).toEqual(points.find((point) => hasLabels(point, labels)));
    }),
    { numRuns: 300 },
  );
});

test('of a hundred points the manifest of one is read, and of those that tell nothing all', async () => {
  const made = Array.from({ length: 100 }, (_, nth) => ({
    manifest: manifestOf(`p${nth}`, nth, { project: nth % 2 === 0 ? 'shop' : 'mail' }),
    isTold: nth !== 7,
    isDamaged: false,
    isWhole: true,
  }));
  const { point, read } = await latestOf(stored(made), { project: 'shop' });
  expect(point?.id).toBe('p98');
  expect(read).toEqual(['manifest-7', 'manifest-98']);
});

test('labels that are too long for a tag are read in the manifest', async () => {
  const labels = { project: 'shop', why: 'x'.repeat(5000) };
  const manifest = manifestOf('p', 1, labels);
  expect(factTags(manifest)).toEqual({});
  const { point } = await latestOf(stored([{ manifest, isTold: true, isDamaged: false, isWhole: true }]), {
    project: 'shop',
  });
  expect(point?.labels).toEqual(labels);
});
