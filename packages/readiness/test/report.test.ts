import { describe, expect, test } from 'vitest';
import { compose, groups, questions } from '../src/index.ts';
import { make, subject } from './findings.ts';

describe('compose', () => {
  test('a question without findings is in the report, as unknown', () => {
    const report = compose(subject, { ha: [make({ verdict: 'pass' })], audit: [] });
    expect(report.answers.map((answer) => [answer.id, answer.verdict])).toEqual([
      ['upgrade', 'unknown'],
      ['ha', 'pass'],
      ['backup-dr', 'unknown'],
      ['monitoring', 'unknown'],
      ['audit', 'unknown'],
      ['logging-levels', 'unknown'],
    ]);
  });

  test('of nothing it is unknown, and so is each answer', () => {
    const report = compose(subject, {});
    expect(report).toMatchObject({
      format: 'groundcrew-readiness/1',
      subject,
      verdict: 'unknown',
      tally: { pass: 0, fail: 0, unknown: 0, exempt: 0 },
    });
    expect(report.answers).toHaveLength(questions.length);
  });

  test('the whole counts what its answers count, and each answer is worst first', () => {
    const findings = [
      make({ verdict: 'pass' }),
      make({ verdict: 'unknown' }),
      make({ severity: 'low' }),
      make({ severity: 'critical' }),
    ];
    const report = compose(subject, { ha: findings, audit: [make({ verdict: 'exempt' })] });
    expect(report.tally).toEqual({ pass: 1, fail: 2, unknown: 1, exempt: 1 });
    expect(report.verdict).toBe('fail');
    expect(report.answers[1]?.findings.map((finding) => `${finding.verdict} ${finding.severity}`)).toEqual([
      'fail critical',
      'fail low',
      'unknown high',
      'pass high',
    ]);
  });

  test('it survives JSON unchanged', () => {
    const report = compose(subject, { ha: [make()] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('groups', () => {
  test('findings of one rule, verdict and severity are one, in their order; none is lost', () => {
    const findings = [
      make({ title: 'first' }),
      make({ title: 'other rule', id: 'test.other' }),
      make({ title: 'second' }),
      make({ title: 'other severity', severity: 'low' }),
      make({ title: 'other verdict', verdict: 'unknown' }),
    ];
    const made = groups(findings);
    expect(made.map((group) => group.findings.map((finding) => finding.title))).toEqual([
      ['first', 'second'],
      ['other rule'],
      ['other severity'],
      ['other verdict'],
    ]);
    expect(made.map((group) => group.rule)).toEqual(['test.rule', 'test.other', 'test.rule', 'test.rule']);
  });

  test('of nothing there are none', () => {
    expect(groups([])).toEqual([]);
  });
});
