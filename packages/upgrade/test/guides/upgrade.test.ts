import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const guide = readFileSync(new URL('../../../../docs/guides/upgrade.md', import.meta.url), 'utf8');
const flat = (code: string): string => code.replaceAll(/\s+/g, ' ').trim();

test('the code of the guide is what the compiler reads', () => {
  const blocks = [...guide.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => flat(code));
  const file = readFileSync(new URL('upgrade-hop.ts', import.meta.url), 'utf8');
  expect(blocks).toEqual([flat(file.replace(/^\/\/ A block .*\n/, ''))]);
});

test('each test that its table names is there', () => {
  const named = [...guide.matchAll(/`((?:live|test)\/[\w/.-]+\.ts)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([]);
});
