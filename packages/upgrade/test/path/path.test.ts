import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectRelease, type Series, series } from '../../src/index.ts';
import { hopBetween, pathText, type PathAnswer, planPath } from '../../src/path.ts';

const row = (name: string): Series => {
  const found = series.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};
const way = (path: PathAnswer): string[] =>
  path.ok ? [path.from.name, ...path.hops.map(({ to }) => to.name)] : path.refusals.map(({ code }) => code);

describe('one hop', () => {
  test.each([
    ['victoria', 'zed', 'not-slurp-skip'],
    ['zed', 'epoxy', 'not-slurp-skip'],
    ['epoxy', 'gazpacho', 'slurp'],
    ['epoxy', 'flamingo', 'next'],
    ['antelope', 'epoxy', 'not-slurp-skip'],
    ['bobcat', 'dalmatian', 'not-slurp-skip'],
    ['gazpacho', 'epoxy', 'backwards'],
    ['zed', 'zed', 'already-there'],
  ])('%s to %s: %s', (from, to, expected) => {
    const answer = hopBetween(row(from), row(to));
    expect(answer.ok ? answer.kind : answer.refusal.code).toBe(expected);
  });
});

describe('a path', () => {
  test('from SLURP to SLURP, or one at a time', () => {
    expect(way(planPath('zed', { to: '2026.1' }))).toEqual([
      'zed',
      'antelope',
      'caracal',
      'epoxy',
      'gazpacho',
    ]);
    expect(way(planPath('victoria', { to: 'zed' }))).toEqual(['victoria', 'wallaby', 'xena', 'yoga', 'zed']);
    expect(way(planPath('2025.1', { to: '2026.1', prefer: 'next' }))).toEqual([
      'epoxy',
      'flamingo',
      'gazpacho',
    ]);
  });

  test('without a goal it leads to the newest SLURP that is kept', () => {
    expect(way(planPath('2025.1', { day: '2026-11-30' }))).toEqual(['epoxy', 'gazpacho']);
  });

  test('no way back, none to what is not released, none from what is not known', () => {
    expect(way(planPath('gazpacho', { to: 'epoxy' }))).toEqual(['backwards']);
    expect(way(planPath('gazpacho', { to: 'gazpacho' }))).toEqual(['already-there']);
    expect(way(planPath('gazpacho', { to: 'indri', day: '2026-11-30' }))).toEqual(['not-maintained']);
    expect(way(planPath('hubris'))).toEqual(['unknown-from']);
    expect(way(planPath('zed', { to: 'hubris' }))).toEqual(['unknown-to']);
  });

  test('from what was detected: one series, or a refusal that says what to ask', () => {
    const nova = (max: string) => ({
      service: 'compute',
      versions: [{ id: 'v2.1', status: 'CURRENT', max }],
    });
    const cinder = (max: string) => ({
      service: 'block-storage',
      versions: [{ id: 'v3.0', status: 'CURRENT', max }],
    });
    expect(way(planPath(detectRelease([nova('2.93')]), { to: '2023.1' }))).toEqual(['zed', 'antelope']);
    expect(way(planPath(detectRelease([nova('2.100')])))).toEqual(['ambiguous']);
    expect(way(planPath(detectRelease([nova('2.93'), cinder('3.0')])))).toEqual(['mixed']);
    expect(way(planPath(detectRelease([nova('2.999')])))).toEqual(['unknown-newer']);
    expect(way(planPath(detectRelease([])))).toEqual(['unknown-from']);
  });
});

describe('below OpenStack', () => {
  test('Debian changes where both sides of a hop are tested', () => {
    const path = planPath('zed', { to: '2026.1', infra: { distribution: 'Debian 11' } });
    expect(path.ok && path.hops.map(({ to, before }) => [to.name, before.map((step) => step.to)])).toEqual([
      ['antelope', []],
      ['caracal', []],
      ['epoxy', ['Debian 12']],
      ['gazpacho', []],
    ]);
    expect(path.ok ? pathText(path) : '').toContain(
      'first Debian 11 to Debian 12, while it is 2024.1 (Caracal)',
    );
  });

  test('a distribution that leads nowhere is named, with those that do', () => {
    expect(planPath('ussuri', { to: 'victoria', infra: { distribution: 'Ubuntu 18.04' } })).toMatchObject({
      ok: false,
      refusals: [{ code: 'distribution-missing', remedy: expect.stringContaining('Ubuntu 20.04') }],
    });
  });

  test('a libvirt that is too old, unless the distribution brings another', () => {
    expect(planPath('caracal', { to: 'epoxy', infra: { libvirt: '7.0.0' } })).toMatchObject({
      refusals: [{ code: 'infra-edge-missing', reason: expect.stringContaining('needs libvirt 8.0.0') }],
    });
    const path = planPath('caracal', { to: 'epoxy', infra: { distribution: 'Debian 11', libvirt: '7.0.0' } });
    expect(path).toMatchObject({ hops: [{ before: [{ to: 'Debian 12' }] }] });
  });

  test('what was not said is a need', () => {
    expect(planPath('2025.1', { to: '2026.1' })).toMatchObject({
      hops: [
        { needs: [{ what: 'distribution', there: undefined }, { what: 'libvirt', needed: '8.0.0' }, {}] },
      ],
    });
  });
});

const names = series.filter(({ released }) => released < '2026-11').map(({ name }) => name);

test('each hop of any path is allowed, the hops hang together, and no shorter way was passed over', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom(...names),
      fc.constantFrom('slurp', 'next'),
      (from, to, prefer) => {
        const path = planPath(from, { to, prefer: prefer as 'slurp', day: '2026-11-30' });
        fc.pre(path.ok);
        if (!path.ok) return;
        let at = row(from);
        for (const hop of path.hops) {
          expect(hop.from).toBe(at);
          expect(hopBetween(hop.from, hop.to)).toMatchObject({ ok: true, kind: hop.kind });
          at = hop.to;
        }
        expect(at).toBe(row(to));
        const direct = series.indexOf(row(to)) - series.indexOf(row(from));
        expect(path.hops.length).toBeLessThanOrEqual(direct);
        expect(path.hops.length).toBeGreaterThanOrEqual(prefer === 'next' ? direct : 0);
      },
    ),
    { numRuns: 500 },
  );
});

test('every pair of released series has a path forwards, and none backwards', () => {
  for (const [older, from] of names.entries())
    for (const [newer, to] of names.entries()) {
      const codes = planPath(from, { to, day: '2026-11-30' });
      expect([from, to, codes.ok]).toEqual([from, to, older < newer]);
    }
});
