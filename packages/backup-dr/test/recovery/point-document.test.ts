import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { ed25519Signer } from '@groundcrew/ground/signatures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  namedCycles,
  parsePoint,
  PointError,
  pointFault,
  type PointResource,
  readPoint,
  signPoint,
  type TenantPoint,
  withVolumeBytes,
} from '../../src/point.ts';
import { digestOfPoint } from '../../src/point/sealed.ts';
import { siteOf } from './site.ts';
import { buildTenant, shop, tenantSpecs } from './tenant.ts';

const of = ({ resources }: TenantPoint, kind: string): readonly PointResource[] =>
  resources.filter((resource) => resource.kind === kind);

describe('parsing', () => {
  const read = async (): Promise<TenantPoint> => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    await buildTenant(cloud, shop);
    return readPoint(cloud, { project: 'shop' });
  };

  test('a point comes back from JSON as it was, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(tenantSpecs, async (spec) => {
        const site = siteOf();
        const { cloud } = await site.project('any');
        await buildTenant(cloud, spec);
        const point = await readPoint(cloud, { project: 'any' });
        expect(parsePoint(JSON.stringify(point))).toEqual(JSON.parse(JSON.stringify(point)));
      }),
      { numRuns: 6 },
    );
  });

  test('a changed character anywhere is found', async () => {
    const text = JSON.stringify(await read());
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'x', ' ', '"', '}'), (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        fc.pre(changed !== text);
        expect(['the same', 'refused']).toContain(outcomeOf(changed, text));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['no JSON', 'point.malformed', '', '{'],
    ['another document', 'point.malformed', 'formatVersion', '{}'],
    ['null', 'point.malformed', 'formatVersion', 'null'],
    ['another major version', 'point.version', 'formatVersion', '{"formatVersion":"2.0"}'],
    ['another format', 'point.malformed', 'format', '{"formatVersion":"1.0","format":"x"}'],
  ])('%s is refused by its field', (_, code, field, text) => {
    const error = thrownBy(() => parsePoint(text));
    expect(error).toMatchObject({ code, field });
  });

  test('errors name the field', async () => {
    const point = await read();
    const wrong = (
      change: (copy: { resources: Record<string, unknown>[] } & Record<string, unknown>) => void,
    ): unknown => {
      const copy = JSON.parse(JSON.stringify(point)) as { resources: Record<string, unknown>[] };
      change(copy);
      return thrownBy(() => parsePoint(JSON.stringify(copy)));
    };
    expect(wrong((copy) => (copy['at'] = 'yesterday'))).toMatchObject({ field: 'at' });
    expect(wrong((copy) => ((copy.resources[2] ?? {})['kind'] = 7))).toMatchObject({
      field: 'resources.2.kind',
    });
    expect(wrong((copy) => ((copy.resources[2] ?? {})['wire'] = []))).toMatchObject({
      field: 'resources.2.wire',
    });
    expect(wrong((copy) => copy.resources.push({ ...copy.resources[0] }))).toMatchObject({
      code: 'point.malformed',
      field: `resources.${point.resources.length}.id`,
    });
    expect(
      wrong((copy) => (copy['gaps'] = [{ what: 'x', kind: 'cut', why: 'y', requestIds: [] }])),
    ).toMatchObject({
      field: 'completeness',
    });
  });

  test('a newer minor version is read with what it has more of, and is not changed', async () => {
    const point = await read();
    const [first, ...others] = point.resources;
    const newer = {
      ...point,
      formatVersion: '1.7',
      weather: 'fine',
      resources: [{ ...first, mood: 3 }, ...others],
    };
    const text = JSON.stringify({ ...newer, digest: digestOfPoint(newer) });
    const parsed = parsePoint(text);
    expect(parsed).toMatchObject({
      weather: 'fine',
      resources: expect.arrayContaining([expect.objectContaining({ mood: 3 })]),
    });
    const signer = ed25519Signer(generateKeyPairSync('ed25519').privateKey);
    await expect(signPoint(parsed, signer)).rejects.toMatchObject({ code: 'point.version' });
    expect(() => withVolumeBytes(parsed, [])).toThrow('formatVersion');
  });

  test('nesting without end is an error, and no exhausted stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const text = `{"formatVersion":"1.0","format":"groundcrew.tenant-point","at":"2026-01-01T00:00:00Z","cloud":{"name":"","region":null},"project":{"id":"p","name":"p","domain_id":null},"completeness":"complete","lists":[],"gaps":[],"resources":[],"external":[],"cycles":[],"digest":"sha256:${'0'.repeat(64)}","more":${deep}}`;
    expect(thrownBy(() => parsePoint(text))).toBeInstanceOf(PointError);
  });
});

describe('signing', () => {
  test('a signature holds for exactly this point, and for its key', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    const point = await readPoint(cloud, { project: 'shop' });
    const [ours, theirs] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const keys = [createPublicKey(ours.privateKey)];
    expect(pointFault(point, keys)).toBe('nobody signed it');
    const signed = parsePoint(JSON.stringify(await signPoint(point, ed25519Signer(ours.privateKey))));
    expect(pointFault(signed, keys)).toBeUndefined();
    expect(pointFault(signed, [theirs.publicKey])).toMatch(/no key of ours/);
    expect(pointFault({ ...signed, completeness: 'partial' }, keys)).toMatch(/digest/);
    const other = { ...signed, at: '2020-01-01T00:00:00Z' };
    expect(pointFault({ ...other, digest: digestOfPoint(other) }, keys)).toBe('its signature does not fit');
  });
});

describe('bytes', () => {
  test('where the bytes of a volume are is part of what is sealed, and a signature from before is gone', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    await buildTenant(cloud, shop);
    const point = await readPoint(cloud, { project: 'shop' });
    const signed = await signPoint(point, ed25519Signer(generateKeyPairSync('ed25519').privateKey));
    const [volume] = of(point, 'volume');
    const bytes = { repository: 'backups', stream: 'volume/1', size: 1024 ** 3 };
    const whole = withVolumeBytes(signed, [{ kind: 'volume', id: volume?.id ?? '', bytes }]);
    expect(whole.signature).toBeUndefined();
    expect(whole.digest).not.toBe(point.digest);
    expect(of(parsePoint(JSON.stringify(whole)), 'volume')[0]?.bytes).toEqual(bytes);
    expect(() => withVolumeBytes(point, [{ kind: 'volume', id: 'x', bytes }])).toThrow('kept.0');
    expect(() =>
      withVolumeBytes(point, [{ kind: 'network', id: of(point, 'network')[0]?.id ?? '', bytes }]),
    ).toThrow('has no bytes');
  });
});

test('circles: of any graph each is found once, by the resources that reach each other', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { maxLength: 12 }),
      (edges) => {
        const resources = ids.map((id): PointResource => ({
          kind: 'security-group',
          id,
          name: id,
          wire: {},
          needs: edges.flatMap(([from, to]) =>
            from === id ? [{ kind: 'security-group' as const, id: to, as: 'remote_group' }] : [],
          ),
        }));
        const reach = (from: string, to: string): boolean => {
          const seen = new Set<string>();
          const open = edges.flatMap(([one, other]) => (one === from ? [other] : []));
          for (let next = open.pop(); next !== undefined; next = open.pop()) {
            if (next === to) return true;
            if (seen.has(next)) continue;
            seen.add(next);
            open.push(...edges.flatMap(([one, other]) => (one === next ? [other] : [])));
          }
          return false;
        };
        const expected = new Set(
          ids
            .filter((id) => reach(id, id))
            .map((id) =>
              ids.filter((other) => other === id || (reach(id, other) && reach(other, id))).join(),
            ),
        );
        const found = namedCycles(resources).map((cycle) =>
          cycle
            .map(({ id }) => id)
            .toSorted()
            .join(),
        );
        expect(new Set(found)).toEqual(expected);
        expect(found.length).toBe(expected.size);
      },
    ),
  );
});

/** A text that was changed is refused, or still says the same: blanks outside of values change nothing. */
function outcomeOf(changed: string, text: string): string {
  try {
    return digestOfPoint(parsePoint(changed)) === digestOfPoint(JSON.parse(text) as object)
      ? 'the same'
      : 'another';
  } catch (error) {
    return error instanceof PointError ? 'refused' : String(error);
  }
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
