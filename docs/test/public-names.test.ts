import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');

/** The API reports: each says what an entry exports (`pnpm api:reports`). */
const reports = globSync('packages/*/etc/*.api.md', { cwd: root })
  .toSorted()
  .map((file) => ({
    package: file.split(path.sep)[1] ?? '',
    file,
    text: readFileSync(path.join(root, file), 'utf8'),
  }));

const DECLARED = /^export (?:declare |abstract )*(?:function|const|class|interface|type|enum) (\w+)/gm;

/** For each exported name, the packages that declare it. What is handed on from another package is declared there. */
function declaredIn(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const report of reports)
    for (const [, name = ''] of report.text.matchAll(DECLARED))
      found.set(name, (found.get(name) ?? new Set()).add(report.package));
  return found;
}

/** Every package that reads a cloud has these two, and whoever uses several names them by the package. */
const sameRooms = ['assess', 'observe'];

test('no two packages export different things under one name: a user may import them side by side', () => {
  const names = declaredIn();
  expect(names.size).toBeGreaterThan(1_000);
  const shared = [...names].filter(([, packages]) => packages.size > 1).map(([name]) => name);
  expect(shared.toSorted()).toEqual(sameRooms);
});

test('the clock is declared once, on the ground', () => {
  const interfaces = reports.flatMap(({ package: name, text }) =>
    /^export (?:interface|type) Clock\b/m.test(text) ? [name] : [],
  );
  expect(interfaces).toEqual(['ground']);
});

test('no public name or comment counts in seconds: a duration is milliseconds, or has its unit', () => {
  const found = reports.flatMap(({ file, text }) =>
    [...text.matchAll(/^.*(?<!milli)seconds\b.*$/gim)].map(([line]) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

/** Words of the house that nobody else uses, and the field's terms for them (issue 10): as whole names, and as their last part. */
const retired = [
  'Hands',
  'Turn',
  'Rooms',
  'Looks',
  'Wall',
  'Door',
  'Passage',
  'Opening',
  'World',
  'Deed',
  'Deeds',
  'Warrant',
  'Agenda',
  'Tell',
  'Sight',
  'Patience',
  'Passing',
  'NoAnswer',
  'Stopper',
];

test('no public name has a word that only this house used', () => {
  const word = new RegExp(`(?:^|[a-z0-9])(?:${retired.join('|')})(?:$|[A-Z0-9])`);
  const functions =
    /^(?:of[A-Z]|deeds$|compartments$|liveStep$|leftBy$|readAll$|scopeOf$|planPassive$|lookAround$|notOurs$)/;
  expect([...declaredIn().keys()].filter((name) => word.test(name) || functions.test(name))).toEqual([]);
});
