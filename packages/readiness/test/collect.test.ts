import { isAuthError } from '@groundcrew/core';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { collect, questions, toHtml, toTerminal } from '../src/index.ts';
import { closeSite, gained, reportOf, site, systemReader } from './site.ts';

afterAll(closeSite);

test('as an administrator it finds what is wrong with the site', async () => {
  const asked: string[] = [];
  const report = await reportOf('admin', [], { name: 'the site', onAnswer: (id) => asked.push(id) });
  expect(report.subject).toMatchObject({
    cloud: 'the site',
    region: 'RegionOne',
    user: 'admin',
    scope: 'project admin',
    at: expect.stringMatching(/^2026-01-01T/),
  });
  expect(report.subject.roles).toContain('admin');
  expect(asked.toSorted()).toEqual(questions.map((question) => question.id).toSorted());
  const failed = report.answers.flatMap((answer) =>
    answer.findings.filter((finding) => finding.verdict === 'fail'),
  );
  expect(new Set(failed.map((finding) => finding.id))).toEqual(
    new Set([
      'upgrade.supported',
      'ha.worker',
      'ha.router',
      'backup-dr.coverage',
      'backup-dr.server',
      'backup-dr.volume',
      'monitoring.server-in-error',
      'audit.allow-all',
      'audit.admin-port-open',
    ]),
  );
  expect(report.answers.at(-1)).toMatchObject({
    id: 'logging-levels',
    findings: [{ verdict: 'unknown', id: 'logging-levels.no-logs' }],
  });
  expect(toHtml(report)).toContain('Readiness of the site');
});

test('a member gets an honest report of what a member cannot see', async () => {
  const all = await reportOf();
  const report = await reportOf('demo');
  expect(report.answers.map((answer) => [answer.id, answer.verdict])).toEqual([
    ['upgrade', 'fail'],
    ['ha', 'unknown'],
    ['backup-dr', 'unknown'],
    // The catalogue has no metric service, and shows that to everyone.
    ['monitoring', 'unknown'],
    ['audit', 'unknown'],
    ['logging-levels', 'unknown'],
  ]);
  // Version documents are public. All else that passes would be a claim about what the member was not shown.
  for (const answer of report.answers.slice(1)) {
    expect(answer.findings.filter((finding) => finding.verdict === 'pass')).toEqual([]);
  }
  expect(gained(report, all)).toEqual([]);
  const unknown = report.answers.flatMap((answer) =>
    answer.findings.filter((finding) => finding.verdict === 'unknown'),
  );
  expect(unknown.filter((finding) => finding.remedy === undefined)).toEqual([]);
  expect(toTerminal(report)).toContain('asked as demo, project demo');
});

test('a reader of the whole system sees no project’s things, and is not told so: nothing passes', async () => {
  const cloud = await systemReader();
  onTestFinished(() => cloud.close());
  const report = await collect(cloud);
  expect(report.subject).toMatchObject({ scope: 'the whole system', roles: ['reader'] });
  for (const answer of report.answers.slice(1)) {
    expect(answer.findings.filter((finding) => finding.verdict === 'pass')).toEqual([]);
  }
});

test('hidden images are counted', async () => {
  const report = await reportOf();
  const counts = report.answers.flatMap((answer) => answer.findings);
  expect(counts.find((finding) => finding.subject.id === 'images')?.title).toBe('5 images');
});

test('a wrong password is an error, and no report', async () => {
  const cloud = await site('admin', 'not-the-password');
  onTestFinished(() => cloud.close());
  const error = await collect(cloud).catch((caught: unknown) => caught);
  expect(isAuthError(error)).toBe(true);
  expect((error as Error).message).not.toContain('not-the-password');
});

test('an abort comes out as its reason, and no report', async () => {
  const reason = new Error('no more time');
  const error = await reportOf('admin', [], { signal: AbortSignal.abort(reason) }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBe(reason);
});

test('the same cloud makes the same findings', async () => {
  const [first, other] = [await reportOf(), await reportOf()];
  expect(other.answers.map((answer) => answer.tally)).toEqual(first.answers.map((answer) => answer.tally));
});
