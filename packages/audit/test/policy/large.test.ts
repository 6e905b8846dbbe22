import { expect, test } from 'vitest';
import { allPacks } from '../../src/packs.ts';
import { evaluate, toComplianceHtml, toJUnit, toSarif } from '../../src/policy.ts';
import { admin, estate, image, server, user, volume } from '../packs/estate.ts';
import { NOW, seen } from './seen.ts';

// A loop inside a loop would take minutes, and not end in time.
test('a large cloud with many exemptions is judged, and all of it reported', () => {
  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const large = estate({
    users: seen(many(10_000, (index) => user(`u${index}`))),
    roleAssignments: seen(many(10_000, (index) => admin(`u${index}`))),
    servers: seen(many(10_000, (index) => server({ id: `s${index}`, image: { id: `i${index % 1000}` } }))),
    volumes: seen(many(10_000, (index) => volume({ id: `v${index}`, encrypted: index % 2 === 0 }))),
    images: seen(many(1000, (index) => image({ id: `i${index}` }))),
  });
  const exemptions = many(1000, (index) => ({
    id: `e${index}`,
    policy: 'audit.volume.unencrypted',
    subject: { id: `v${index}` },
    owner: 'Ada',
    reason: 'scratch',
    expires: '2026-04-01T00:00:00Z',
  }));
  const report = evaluate(allPacks, large, { now: NOW, exemptions });
  toSarif(report);
  toJUnit(report);
  toComplianceHtml(report);
  expect(report.tally.exempt).toBe(500);
  expect(report.findings.length).toBeGreaterThan(100_000);
});
