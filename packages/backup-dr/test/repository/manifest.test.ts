import { expect, test } from 'vitest';
import { type Manifest, manifestText, readManifest } from '../../src/repository/manifest.ts';

const manifest: Manifest = {
  kind: 'groundcrew-recovery-point',
  version: 1,
  point: 'p-1',
  at: '2026-11-30T10:00:00.000Z',
  written: '2026-11-30T10:05:00.000Z',
  labels: { project: 'shop' },
  completeness: 'partial',
  gaps: [{ what: 'stacks', why: '403' }],
  streams: [
    {
      name: 'volume/a',
      id: 'x1',
      path: '/volume%2Fa',
      size: 3,
      sha256: 'a'.repeat(64),
      tags: { server: 'web' },
    },
  ],
  token: 4,
  contents: { servers: [{ id: 's', name: 'left\u202Eright' }] },
};

test('a manifest comes back as it was', () => {
  expect(readManifest(manifestText(manifest))).toEqual({ ok: true, manifest, isNewer: false });
});

test('fields that are not known pass, at every depth', () => {
  const more = {
    ...manifest,
    signature: 'xyz',
    streams: [{ ...manifest.streams[0], blocks: 7 }],
    gaps: [{ what: 'stacks', why: '403', kind: 'denied' }],
  };
  expect(readManifest(JSON.stringify(more))).toMatchObject({ ok: true, manifest: more });
});

test('a newer one is read if it has what it takes to restore, and said to be newer in any case', () => {
  expect(readManifest(JSON.stringify({ ...manifest, version: 2, completeness: 'exact' }))).toMatchObject({
    ok: true,
    isNewer: true,
  });
  const strange = { kind: 'groundcrew-recovery-point', version: 2, point: 'p-1', blobs: [] };
  expect(readManifest(JSON.stringify(strange))).toMatchObject({ ok: false, isNewer: true });
});

test.each([
  ['', 'it is not JSON'],
  ['{"kind":"groundcrew-recov', 'it is not JSON'],
  ['null', 'document'],
  ['[]', 'document'],
  [JSON.stringify({ ...manifest, kind: 'other' }), 'kind'],
  [JSON.stringify({ ...manifest, version: 0 }), 'version'],
  [JSON.stringify({ ...manifest, version: '1' }), 'version'],
  [JSON.stringify({ ...manifest, point: '../x' }), 'point'],
  [JSON.stringify({ ...manifest, at: 'yesterday' }), 'at'],
  [JSON.stringify({ ...manifest, at: '+012026-11-30T10:00:00Z' }), 'at'],
  [JSON.stringify({ ...manifest, streams: undefined }), 'streams'],
  [JSON.stringify({ ...manifest, streams: [{ ...manifest.streams[0], sha256: 'A' }] }), 'streams.0.sha256'],
  [JSON.stringify({ ...manifest, streams: [{ ...manifest.streams[0], size: -1 }] }), 'streams.0.size'],
])('%s is none: %s', (text, where) => {
  expect(readManifest(text)).toMatchObject({
    ok: false,
    isNewer: false,
    why: expect.stringContaining(where),
  });
});

test('what could not be read back is not written', () => {
  expect(() => manifestText({ ...manifest, point: 'a b' })).toThrow(
    expect.objectContaining({ code: 'input', field: 'point' }),
  );
});
