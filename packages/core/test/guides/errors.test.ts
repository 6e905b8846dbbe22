import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as core from '../../src/index.ts';
import { errors } from '../errors/errors-of-each-kind.ts';

const guide = readFileSync(path.join(import.meta.dirname, '../../../../docs/guides/errors.md'), 'utf8');

test('the code of the guide is what errors.test-d.ts compiles', () => {
  const compiled = flat(readFileSync(path.join(import.meta.dirname, 'errors.test-d.ts'), 'utf8'));
  const blocks = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
  expect(blocks.length).toBeGreaterThan(0);
  for (const part of blocks.flatMap((block) => block.split('\n\n'))) expect(compiled).toContain(flat(part));
});

/** The rows of the guide's table: guards, codes, and what an error that they hold for is said to have. */
const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('| `is'))
  .map((line) => {
    const [guards = '', codes = '', when = ''] = line.split('|').slice(1);
    return { guards: quoted(guards), codes: quoted(codes), has: quoted(/has (.*)/.exec(when)?.[1] ?? '') };
  });

describe.each(rows)('$guards', ({ guards, codes, has }) => {
  test.each(guards)('%s holds for errors with what the guide says of them', (name) => {
    const guard = (core as unknown as Record<string, (error: unknown) => boolean>)[name];
    const held = errors.filter((error) => guard?.(error));
    expect(held).not.toEqual([]);
    // The code of an HttpError is that of its guard; the guide does not list them all.
    const coded = codes.length === 0 ? [] : held.filter((error) => !core.isHttpError(error));
    for (const error of coded) expect(codes, error.name).toContain(error.code);
    for (const field of has)
      expect(
        held.some((error) => field in error),
        field,
      ).toBe(true);
  });
});

test('the guide names every guard', () => {
  const named = rows.flatMap(({ guards }) => guards);
  const all = Object.keys(core).filter(
    (name) =>
      /^is[A-Z]/.test(name) &&
      !['isIdempotent', 'isMicroversion', 'isShape', 'isVersioned', 'isGroundcrewError'].includes(name),
  );
  expect(new Set(named)).toEqual(new Set(all));
});

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

function flat(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim();
}
