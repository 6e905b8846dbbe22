import { series } from '@groundcrew/upgrade';
import { compatibilityOf, knownBreaks } from '@groundcrew/upgrade/compatibility';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const known = series.filter(({ released }) => released > '2017-08-01');
const first = known[0] ?? series[0];
const last = known.at(-1);
if (first === undefined || last === undefined) throw new Error('no series');
const all = knownBreaks({ from: first, to: last });

test('every break has an id of its own, a sign, and a source at a tag or commit', () => {
  expect(all.length).toBeGreaterThan(90);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, signs, source, remedy } of all) {
    const seen = Object.keys(signs).filter(
      (sign) => !['fromMicroversion', 'onlyIf', 'spares'].includes(sign),
    );
    expect(seen, id).not.toEqual([]);
    expect(source, id).toMatch(
      /^openstack\/[a-z.-]+ (?:\d+\.0\.0|[\da-f]{7,8} \(in development\)): (?:releasenotes\/notes\/[\w.-]+\.yaml|[\w/.-]+[,;] .+)$/,
    );
    expect(remedy, id).toMatch(/\.$/);
  }
});

test('no value can be broken by mistake: every one is whole, or ends in a star after at least three letters', () => {
  for (const { id, signs } of all)
    for (const { values = [] } of signs.options ?? [])
      for (const value of values) expect(value, id).toMatch(/^[^*\s,]{3,}\*?$/);
});

test('a hop has the breaks of its parts, however it is cut', () => {
  const at = fc.nat(known.length - 1);
  fc.assert(
    fc.property(at, at, at, (a, b, c) => {
      const [one, two, three] = [a, b, c].toSorted((x, y) => x - y).map((index) => known[index]);
      if (one === undefined || two === undefined || three === undefined) return;
      fc.pre(one !== two && two !== three);
      const ids = (from: typeof one, to: typeof one) => knownBreaks({ from, to }).map(({ id }) => id);
      expect([...ids(one, two), ...ids(two, three)].toSorted()).toEqual(ids(one, three).toSorted());
    }),
  );
});

test('a plan that was stored and read again is a hop as well', () => {
  const copy: unknown = JSON.parse(JSON.stringify({ from: first, to: last }));
  expect(knownBreaks(copy as Parameters<typeof knownBreaks>[0])).toEqual(all);
});

test('of no hop, with whatever is given, all passes', () => {
  for (const [index, to] of known.entries()) {
    const from = known[index - 1];
    if (from === undefined) continue;
    const findings = compatibilityOf(
      { from, to },
      { requests: [], options: [], extensions: [], inventory: { agentTypes: [], hypervisorTypes: [] } },
    );
    expect(findings.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 5 }, () => 'unknown'));
  }
});
