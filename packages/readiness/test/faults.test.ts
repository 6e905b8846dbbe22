import { type FaultReply, type FaultScript, htmlPage, reset, status, truncate } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type QuestionId, questions, type Report, toHtml } from '../src/index.ts';
import { closeSite, gained, passesOf, reportOf } from './site.ts';

/** Answers that cannot be wholly good without a service. Tokens are had before anything is asked. */
const needs: Readonly<Record<string, readonly QuestionId[]>> = {
  compute: ['upgrade', 'ha', 'backup-dr', 'monitoring'],
  network: ['upgrade', 'ha', 'monitoring', 'audit'],
  blockStorage: ['upgrade', 'ha', 'backup-dr', 'monitoring'],
  image: ['upgrade', 'backup-dr', 'monitoring'],
  identity: ['audit'],
  placement: ['upgrade'],
  instanceHa: ['upgrade'],
};
const replies = {
  '403': status(403),
  '404': status(404),
  '429': status(429, { retryAfter: 1 }),
  '500': status(500),
  '503': status(503, { retryAfter: 1 }),
  reset: reset(),
  html: htmlPage(),
  truncated: truncate(9),
} satisfies Record<string, FaultReply>;
type Reply = keyof typeof replies;
const kinds = Object.keys(replies) as Reply[];
const cases = Object.keys(needs).flatMap((service) => kinds.map((reply) => [service, reply] as const));

/** Where it strikes: of Keystone the lists, since without its discovery there is no token and so no report. */
const scriptOf = (service: string, reply: Reply): FaultScript => ({
  match: { service, method: 'GET', ...(service === 'identity' ? { path: /\/v3\/projects/ } : {}) },
  reply: replies[reply],
});

let clean: Report;
beforeAll(async () => {
  clean = await reportOf();
});
afterAll(closeSite);

const unknowns = (report: Report, id: QuestionId): number =>
  report.answers.find((answer) => answer.id === id)?.tally.unknown ?? 0;

test.each(cases)(
  '%s answers %s: complete in form, unknown in part, and nothing passes for it',
  async (service, reply) => {
    const report = await reportOf('admin', [scriptOf(service, reply)]);
    expect(report.answers.map((answer) => answer.id)).toEqual(questions.map((question) => question.id));
    for (const answer of report.answers) expect(answer.findings.length).toBeGreaterThan(0);
    expect(gained(report, clean)).toEqual([]);
    for (const id of needs[service] ?? []) {
      expect(unknowns(report, id), id).toBeGreaterThan(unknowns(clean, id));
    }
    expect(toHtml(report)).toContain('What would make the unknown known');
  },
);

test.each(kinds)('every service answers %s: no answer passes', async (reply) => {
  const report = await reportOf(
    'admin',
    Object.keys(needs).map((service) => scriptOf(service, reply)),
  );
  // Keystone's version was read to get a token at all.
  expect([...passesOf(report)]).toEqual(['upgrade.service-release service identity']);
  const failed = report.answers.filter((answer) => answer.verdict !== 'unknown').map((answer) => answer.id);
  expect(failed).toEqual([]);
});

test('of a list that breaks off, what was read is judged and the rest is unknown', async () => {
  const report = await reportOf('admin', [
    { match: { service: 'compute', path: /\/servers\/detail/ }, skip: 1, reply: status(500) },
    { match: { service: 'blockStorage' }, skip: 3, reply: reset() },
  ]);
  expect(gained(report, clean)).toEqual([]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'one request in %s fails at random: nothing gains a pass',
  async (share) => {
    const report = await reportOf('admin', [
      { match: { service: 'network' }, percent: 100 / share, reply: status(500) },
      { match: { service: 'compute' }, percent: 100 / share, reply: htmlPage() },
      { match: { service: 'blockStorage' }, percent: 100 / share, reply: truncate(30) },
      { match: { service: 'image' }, percent: 100 / share, reply: status(403) },
    ]);
    expect(gained(report, clean)).toEqual([]);
  },
);
