import { expect, test } from 'vitest';
import { compose, toTerminal } from '../src/index.ts';
import { make, subject } from './findings.ts';

test('each question with its verdict and counts, its worst findings, and no passes', () => {
  const report = compose(subject, {
    ha: [
      make({ title: 'c1 is down', severity: 'critical' }),
      make({ title: 'c2 is down', severity: 'critical' }),
      make({ title: 'Agents were not seen', verdict: 'unknown' }),
      make({ title: 'c3 works', verdict: 'pass' }),
      make({ title: 'c4 is let be', verdict: 'exempt' }),
    ],
    audit: [make({ verdict: 'pass', title: 'All is closed' })],
  });
  expect(toTerminal(report)).toBe(`Readiness of prod (RegionOne), 2026-01-01T00:00:00.000Z
asked as admin, project admin, roles admin, reader

? Which release is this, and is it still maintained?  0 fail, 0 unknown, 0 pass
    nothing was looked at
✖ What would survive a failure?  2 fail, 1 unknown, 1 pass, 1 exempt
    critical c1 is down (and 1 like it)
    unknown  Agents were not seen
? What could be restored?  0 fail, 0 unknown, 0 pass
    nothing was looked at
? What is there, and what of it is measured?  0 fail, 0 unknown, 0 pass
    nothing was looked at
✔ Who has opened what to everyone?  0 fail, 0 unknown, 1 pass
? Do the logs mean what their level says?  0 fail, 0 unknown, 0 pass
    nothing was looked at
`);
});

test('more than fit are counted', () => {
  const findings = Array.from({ length: 8 }, (_, index) =>
    make({ id: `test.${index}`, title: `rule ${index}` }),
  );
  const text = toTerminal(compose(subject, { audit: findings }), { most: 3 });
  expect(text).toContain('rule 2\n    … and 5 more');
  expect(text).not.toContain('rule 3');
});

test('colours only where they are wanted', () => {
  const report = compose({ ...subject, region: undefined, user: undefined, roles: [] }, { ha: [make()] });
  expect(toTerminal(report)).not.toContain('\u001B');
  expect(toTerminal(report, { colour: true })).toContain('\u001B[31m✖\u001B[0m');
  expect(toTerminal(report)).toContain('Readiness of prod, 2026-01-01');
  expect(toTerminal(report)).toContain('asked as nobody, project admin\n');
});
