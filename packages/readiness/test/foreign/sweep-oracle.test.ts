import { expect, test } from 'vitest';
import type { Said } from './observes.ts';
import { compared } from './sweep.ts';

// What a judge must refuse is what the sweep found: see Groundcrew's issue 9, kinds 4 and 5.
/** The judge of the sweep, judged: a judge that accepts everything would be green for ever. */
const said = (key: string, verdict: Said['verdict'], title = 't', evidence = 'e'): Said => ({
  key,
  verdict,
  title,
  evidence,
});
const clean = [said('a', 'pass', 'All 3 are good'), said('b', 'fail'), said('c', 'unknown')];

test.each([
  ['the same', clean, []],
  ['a failure that is unknown now', [clean[0], said('b', 'unknown'), clean[2]], []],
  ['a failure that passes', [clean[0], said('b', 'pass'), clean[2]], [/^passes and was fail/]],
  ['an unknown that passes', [clean[0], clean[1], said('c', 'pass')], [/^passes and was unknown/]],
  ['a new pass', [...clean, said('d', 'pass')], [/^passes and was not there/]],
  ['a pass over fewer', [said('a', 'pass', 'All 0 are good'), clean[1], clean[2]], [/over something else/]],
  ['a failure that is gone', [clean[0], clean[2]], [/gone without a word/]],
  ['a failure that is gone, and told', [clean[0], clean[2], said('gap', 'unknown')], []],
  ['other evidence', [said('a', 'pass', 'All 3 are good', 'f'), clean[1], clean[2]], [/other evidence/]],
] as const)('%s', (_name, after, wrong) => {
  const found = compared(clean, after as readonly Said[]);
  expect(found).toHaveLength(wrong.length);
  for (const [index, pattern] of wrong.entries()) expect(found[index]).toMatch(pattern);
});
