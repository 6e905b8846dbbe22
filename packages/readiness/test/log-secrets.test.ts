// What leaked into a log does not leak again through a report: the findings of a directory of logs, on the page, in the terminal and as
// JSON. Every kind and encoding is tried in packages/logging-levels/test/canaries.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assess, observe } from '@groundcrew/logging-levels';
import { compose, toHtml, toTerminal } from '../src/index.ts';
import { subject } from './findings.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-log-secrets-'));
});
afterAll(() => rm(directory, { recursive: true }));

const LINES = [
  'Starting to use mysql+pymysql://nova:(c4n4ry)x@db/nova',
  'Starting with s3_store_secret_key = c4n4rykey',
  "Starting ('iscsiadm', '-n', 'node.session.auth.password', '-v', 'c4n4ry')",
  'Starting on http://10.0.0.7:6080/vnc_lite.html?path=%3Ftoken%3Dc4n4ry-1',
  'Starting with {&quot;adminPass&quot;: &quot;c4n4ry&quot;}',
];

test('no secret of a log is on the page, in the terminal or in the JSON of a report', async () => {
  const lines = LINES.map((text, at) => `2026-11-30 03:12:0${at}.000 7 INFO nova.service [-] ${text}`);
  await writeFile(path.join(directory, 'nova-api.log'), `${lines.join('\n')}\n`);
  const findings = assess(await observe(directory));
  expect(findings.find(({ id }) => id === 'logging-levels.secret-in-log')?.verdict).toBe('fail');
  // Each line is another offence, too, which shows its words.
  expect(findings.filter(({ id }) => id === 'logging-levels.progress-at-info').length).toBeGreaterThan(3);
  const report = compose(subject, { 'logging-levels': findings });
  for (const text of [toHtml(report), toTerminal(report), JSON.stringify(report)])
    expect(text).not.toContain('c4n4ry');
});
