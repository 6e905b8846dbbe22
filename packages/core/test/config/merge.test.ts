import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Located, LocatedMap } from '../../src/config/located.ts';
import { mergeDeep, overlay, withoutNulls } from '../../src/config/merge.ts';

type Plain = string | null | Plain[] | { [key: string]: Plain };

const origin = { file: undefined, line: undefined, key: '' };
const key = fc.constantFrom<string>(
  'a',
  'b',
  'auth',
  'username',
  'user_id',
  'project_name',
  '__proto__',
  'constructor',
);
const { tree } = fc.letrec<{ tree: Located }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .option(fc.string({ maxLength: 2 }), { nil: null })
      .map((value): Located => ({ kind: 'text', value, origin })),
    fc.array(tie('tree'), { maxLength: 2 }).map((items): Located => ({ kind: 'list', items, origin })),
    mapping(tie('tree')),
  ),
}));
const map = mapping(tree);

function mapping(values: fc.Arbitrary<Located>) {
  return fc
    .uniqueArray(fc.tuple(key, values), { selector: ([name]) => name, maxLength: 4 })
    .map((entries) => ({ kind: 'map' as const, entries: new Map(entries), origin }));
}

const show = (node: Located): Plain =>
  node.kind === 'text'
    ? String(node.value)
    : node.kind === 'list'
      ? node.items.map(show)
      : [...node.entries]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => [name, show(value)]);

test('merging keeps every key, and what is merged over is all there, at every depth', () => {
  fc.assert(
    fc.property(map, map, (under, over) => {
      const merged = mergeDeep(under, over);
      expect(show(mergeDeep(merged, over))).toEqual(show(merged));
      expect(show(mergeDeep(over, over))).toEqual(show(over));
      expect(holds(merged, over)).toBe(true);
      expect(
        merged.kind === 'map' && [...under.entries.keys()].every((name) => merged.entries.has(name)),
      ).toBe(true);
    }),
  );
});

/** Whether every value of `part` is in `whole`, at its place. */
function holds(whole: Located | undefined, part: Located): boolean {
  if (part.kind !== 'map' || part.entries.size === 0)
    return whole !== undefined && (whole === part || part.kind === 'map');
  return (
    whole?.kind === 'map' && [...part.entries].every(([name, value]) => holds(whole.entries.get(name), value))
  );
}

test('what is laid over wins, and nothing given is changed in place', () => {
  fc.assert(
    fc.property(map, map, (under, over) => {
      const before = [show(under), show(over)];
      const laid = overlay(under, over);
      expect(pickedFrom(laid, over)).toEqual([...over.entries.keys()].filter((name) => name !== 'auth'));
      expect(
        [...laid.entries.keys()].every((name) => under.entries.has(name) || over.entries.has(name)),
      ).toBe(true);
      expect([...under.entries.keys()].every((name) => laid.entries.has(name))).toBe(true);
      expect(pickedFrom(asIfMap(laid.entries.get('auth')), asIfMap(over.entries.get('auth')))).toEqual(
        [...asIfMap(over.entries.get('auth')).entries.keys()].filter((name) => name !== 'auth'),
      );
      expect([show(under), show(over)]).toEqual(before);
    }),
  );
});

/** The keys, but `auth`, that a mapping has with the very value that they have in another. */
const pickedFrom = (whole: LocatedMap, part: LocatedMap): string[] =>
  [...part.entries]
    .filter(([name, value]) => name !== 'auth' && whole.entries.get(name) === value)
    .map(([name]) => name);

const asIfMap = (node: Located | undefined): LocatedMap =>
  node?.kind === 'map' ? node : { kind: 'map', entries: new Map(), origin };

test('no null is left', () => {
  fc.assert(
    fc.property(map, (node) => {
      const left = [...withoutNulls(node).entries.values()];
      expect(left.filter((value) => value.kind === 'text' && value.value === null)).toEqual([]);
    }),
  );
});
