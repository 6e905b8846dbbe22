import type { Observed } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import {
  type ComplianceReport,
  driftHistory,
  driftOf,
  evaluate,
  type Exemption,
  fail,
  pass,
  policiesOver,
  toComplianceHtml,
  toJUnit,
  toSarif,
} from '../../src/policy.ts';
import { cut, NOW, seen } from '../policy/seen.ts';

interface House {
  readonly doors: Observed<
    readonly { readonly id: string; readonly open: boolean; readonly note?: string }[]
  >;
  readonly scope: string;
}
const closed = policiesOver<House>()({
  id: 'house.closed',
  title: 'Doors are <closed> & locked',
  severity: 'high',
  needs: ['doors'],
  remedy: 'Close it.',
  frameworks: { house: ['H-1'] },
  check: ({ doors }) =>
    doors.map(({ id, open, note }) =>
      (open ? fail : pass)({ kind: 'door', id, name: `<b>${id}</b>` }, note ?? `open: ${open}`, {
        project: 'p1',
      }),
    ),
});
type Doors = Observed<readonly { readonly id: string; readonly open: boolean; readonly note?: string }[]>;
const report = (
  doors: Doors,
  { now = NOW, exemptions = [] as readonly Exemption[], run = true } = {},
): ComplianceReport => evaluate(run ? [closed] : [], { doors, scope: 'one house' }, { now, exemptions });
const exemption: Exemption = {
  id: 'e1',
  policy: 'house.closed',
  subject: { id: 'cat' },
  owner: 'Ada',
  reason: 'the cat "Tom" & co',
  expires: '2026-04-01T00:00:00Z',
};
const doors = seen([
  { id: 'front', open: true, note: 'a bad \u0000 byte, ]]> and <script>alert(1)</script>' },
  { id: 'back', open: false },
  { id: 'cat', open: true },
]);
const mixed = report(cut(doors, 'partial'), { exemptions: [exemption] });

test('all four verdicts are in the report that the others are of', () => {
  expect(mixed.tally).toEqual({ pass: 1, fail: 1, unknown: 1, exempt: 1 });
});

describe('SARIF', () => {
  const log = toSarif(mixed);
  const [run] = log.runs;
  test('it is JSON of version 2.1.0, whose results point at rules that are there', () => {
    expect(JSON.parse(JSON.stringify(log))).toEqual(log);
    expect(log.version).toBe('2.1.0');
    for (const { ruleId, ruleIndex, message, locations, level, kind } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(message.text).not.toBe('');
      expect(locations).toHaveLength(1);
      // 3.27.10: only failures have a level.
      expect(level === 'none').toBe(kind !== 'fail');
      expect(['none', 'note', 'warning', 'error']).toContain(level);
    }
    expect(new Set(run.tool.driver.rules.map(({ id }) => id)).size).toBe(run.tool.driver.rules.length);
  });
  test('what is unknown is open, and what is exempt is suppressed with who answers for it', () => {
    expect(run.results.map(({ kind, suppressions }) => [kind, suppressions?.length ?? 0])).toEqual([
      ['fail', 0],
      ['open', 0],
      ['fail', 1],
      ['pass', 0],
    ]);
    expect(JSON.stringify(run.results[2]?.suppressions)).toContain('Ada answers for it until 2026-04-01');
  });
  test('a rule that nothing breaks is there too, with its frameworks', () => {
    expect(toSarif(report(seen([]))).runs[0].tool.driver.rules[0]?.properties).toEqual({
      frameworks: { house: ['H-1'] },
    });
  });
  test('fingerprints stay from run to run', () => {
    const again = toSarif(report(doors, { now: NOW + 1000 })).runs[0].results;
    const front = (results: typeof again) =>
      results.find(({ locations }) => JSON.stringify(locations).includes('door/front'))?.partialFingerprints;
    expect(front(again)).toEqual(front(run.results));
    expect(new Set(run.results.map((result) => JSON.stringify(result.partialFingerprints))).size).toBe(4);
  });
});

describe('JUnit', () => {
  const xml = toJUnit(mixed);
  test('what is unknown or exempt is skipped with the reason, and never passes', () => {
    expect(xml).toMatch(/<testsuites name="groundcrew audit" tests="4" failures="1" errors="0" skipped="2"/);
    expect(xml).toMatch(
      /<skipped message="unknown: Doors are &lt;closed&gt; &amp; locked: test not seen: 403/,
    );
    expect(xml).toMatch(/<skipped message="exempt: [^"]*the cat &quot;Tom&quot; &amp; co/);
    expect(xml.match(/<testcase /g)).toHaveLength(4);
    expect(xml.match(/<failure /g)).toHaveLength(1);
  });
  test('it is well-formed: every tag ends, and what XML cannot hold is replaced', () => {
    expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true);
    expect(unbalanced(xml)).toEqual([]);
    expect(xml).not.toContain('\u0000');
    expect(xml).toContain('a bad \\x00 byte, ]]&gt; and &lt;script&gt;');
  });
  test('of nothing it is well-formed too', () => {
    const none = toJUnit(report(doors, { run: false }));
    expect(none).toContain('tests="0"');
    expect(unbalanced(none)).toEqual([]);
  });
});

describe('the page', () => {
  const page = toComplianceHtml(mixed, { title: 'House <1>' });
  test("other people's text stays text, and there is no script", () => {
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<b>');
    expect(page).toContain('House &lt;1&gt;');
    expect(page).not.toMatch(/https?:\/\//);
  });
  test('scope comes before findings, and every verdict says itself in words', () => {
    expect(page.indexOf('<h2>Scope</h2>')).toBeLessThan(page.indexOf('<h2>Findings</h2>'));
    for (const verdict of ['fail', 'unknown', 'exempt', 'pass'])
      expect(page).toContain(`<span class="badge ${verdict}">1 ${verdict}</span>`);
    expect(page).toContain('there may be others');
    expect(page).toContain('To know it: Ask as an administrator.');
    expect(page).toContain('the cat &quot;Tom&quot; &amp; co');
  });
  test('it is read by machines for people: a language, one h1, headings in order, tables with headers', () => {
    expect(page).toMatch(/<html lang="en">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    });
    for (const [, table = ''] of page.matchAll(/<table>([\s\S]*?)<\/table>/g))
      expect(table).toContain('scope="');
    expect(
      unbalanced(
        page
          .replace(/<!doctype html>/, '')
          .replaceAll(/<meta[^>]*>/g, '')
          .replaceAll(/<br \/>/g, ''),
      ),
    ).toEqual([]);
  });
  test('ten thousand failures stay a page', () => {
    const many = report(
      seen(Array.from({ length: 10_000 }, (_, index) => ({ id: `d${index}`, open: true }))),
    );
    const long = toComplianceHtml(many);
    expect(long).toContain('9800 further findings (fail)');
    expect(long).toContain('10000 fail');
    expect(long.length).toBeLessThan(500_000);
  });
});

describe('drift', () => {
  const ids = (findings: readonly { readonly subject: { readonly id: string } }[]) =>
    findings.map(({ subject: { id } }) => id).toSorted();
  const front = (open: boolean, note?: string) =>
    seen([{ id: 'front', open, ...(note === undefined ? {} : { note }) }]);

  test('nothing changed', () => {
    const drift = driftOf(mixed, mixed);
    expect([drift.appeared, drift.resolved, drift.changed, drift.becameUnknown, drift.exempted]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
  });
  test('a failure appears, changes, and is resolved: passed, or gone with its thing', () => {
    expect(ids(driftOf(report(front(false)), report(front(true))).appeared)).toEqual(['front']);
    const changed = driftOf(report(front(true)), report(front(true, 'wider open')));
    expect(changed.changed.map(({ after }) => after.because[0]?.statement)).toEqual(['wider open']);
    expect(changed.appeared).toEqual([]);
    expect(ids(driftOf(report(front(true)), report(front(false))).resolved)).toEqual(['front']);
    expect(ids(driftOf(report(front(true)), report(seen([]))).resolved)).toEqual(['front']);
  });
  test.each([
    ['the list was denied', report(cut(doors, 'denied'))],
    ['the list was cut', report(cut(seen<(typeof doors.value)[number]>([]), 'partial'))],
    ['the policy was not run', report(doors, { run: false })],
  ])('where %s, a failure is not resolved but unknown', (_, after) => {
    const drift = driftOf(report(front(true)), after);
    expect(drift.resolved).toEqual([]);
    expect(ids(drift.becameUnknown)).toContain('front');
  });
  test('somebody answers for it now', () => {
    const cat = seen([{ id: 'cat', open: true }]);
    const drift = driftOf(report(cat), report(cat, { exemptions: [exemption] }));
    expect(ids(drift.exempted)).toEqual(['cat']);
    expect(drift.resolved).toEqual([]);
  });
  test('through time: how long it stands, and how often it came back, in whatever order reports come', () => {
    const day = 86_400_000;
    const states = [true, false, true, false, true];
    const reports = states.map((open, index) => report(front(open), { now: NOW + index * day }));
    const history = driftHistory(reports.toReversed());
    expect(history.points.map(({ tally }) => tally.fail)).toEqual([1, 0, 1, 0, 1]);
    expect(history.failures).toEqual([
      {
        id: 'house.closed',
        subject: { kind: 'door', id: 'front', name: '<b>front</b>' },
        since: '2026-03-02T12:00:00.000Z',
        last: '2026-03-06T12:00:00.000Z',
        returned: 2,
        now: 'fail',
      },
    ]);
    expect(driftHistory([])).toEqual({ points: [], drifts: [], failures: [] });
  });
});

/** Tags that do not end, or end twice. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  for (const [tag, slash, name = '', own] of xml.matchAll(/<(\/?)([a-zA-Z][\w:.-]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (own === '/') continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return [tag];
  }
  return open;
}
