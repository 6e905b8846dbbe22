// Names come from clouds, and clouds let tenants choose them: ESC sequences that clear or retitle a terminal (CWE-150,
// CVE-2003-0063), marks that turn the direction of reading (CVE-2021-42574), Mermaid's and Markdown's own syntax
// (mermaid-js/mermaid, "Security level"), and HTML.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { diffPlans, explain, explainDiff, PlanError } from '../../src/index.ts';
import { InputError } from '@groundcrew/ground';
import { CommandFailedError } from '../../src/hosts.ts';
import { html, page } from '@groundcrew/ground/html';
import { failing, go } from '../fixtures/go.ts';
import { noted, noting, planOf } from '../fixtures/note.ts';

/** Characters that act without being seen, but for the ends of our own lines. */
const ACTING = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u;
const hostile = [
  'web\u001b[2J\u001b]0;owned\u0007',
  'nul\u0000here',
  '\u202Eevil\u2066',
  'one\ntwo\r\n  3. Approved [x]',
  'a"]; click s1 href "javascript:x"; b["',
  '<img src=x onerror=alert(1)>',
  '[here](http://x) | `x` | **b**',
];

describe.each(hostile)('a name like %j', (name) => {
  const plan = planOf([noted('a', { input: { name }, why: name, group: name })], {
    title: name,
    warnings: [name],
    targets: [{ kind: 'server', id: name, revision: name }],
    gates: [{ id: 'g', question: name, before: ['a'] }],
  });

  test.each(['text', 'markdown', 'mermaid'] as const)('acts on nobody who reads the plan as %s', (as) => {
    const said = explain(plan, { as });
    expect(said).not.toMatch(ACTING);
    expect(said.split('\n')).toHaveLength(
      explain(
        planOf([noted('a', { why: 'x', group: 'x' })], {
          title: 'x',
          warnings: ['x'],
          targets: [{ kind: 'server', id: 'x', revision: 'x' }],
          gates: [{ id: 'g', question: 'x', before: ['a'] }],
        }),
        { as },
      ).split('\n').length,
    );
    const around = as === 'mermaid' ? said.replaceAll(/\["[^"\]]*"\]|\{\{"[^"}]*"\}\}/g, '') : '';
    expect(around).not.toMatch(/["[\]{}]|click|</);
  });

  test('nor on who reads the difference of two', () => {
    const said = explainDiff(diffPlans(planOf([noted('a')]), plan));
    expect(said).not.toMatch(ACTING);
    expect(said).not.toMatch(/^ {2}3\. Approved/m);
  });

  test('nor on who reads an error, or the failure of a step', async () => {
    expect(new PlanError(name, { field: 'x' }).message).not.toMatch(ACTING);
    const failed = new CommandFailedError(
      { host: 'h', command: ['x', name] },
      { exitCode: 1, stdout: '', stderr: name },
    );
    expect(failed.message).not.toMatch(ACTING);
    const outcome = await go(planOf([noted('a')]), {
      implementations: noting({ perform: () => Promise.reject(new Error(name)) }),
    });
    expect('failures' in outcome ? outcome.failures[0]?.message : '').not.toMatch(ACTING);
  });

  test('nor becomes markup', () => {
    const said = page({ title: name, main: html`<p title="${name}">${name}</p>` });
    expect(said).not.toMatch(ACTING);
    expect(said).not.toContain('<img');
    expect(said.match(/<p title="[^"<>]*">[^<>]*<\/p>/)).not.toBeNull();
  });
});

test('what an error says of a secret does not reach the journal', async () => {
  const { implementations } = failing();
  const outcome = await go(planOf([noted('a')]), {
    implementations: noting({
      perform: () =>
        Promise.reject(new Error('cannot reach amqp://nova:Canary123@rabbit, admin_password = Canary456')),
    }),
  });
  expect(implementations).toHaveLength(3);
  expect(JSON.stringify(outcome)).not.toContain('Canary');
});

test('a page allows nothing but its own style', () => {
  const said = page({ title: 't', main: html`<h1>t</h1>`, style: 'td{padding:0}' });
  const css = /<style>([^]*?)<\/style>/.exec(said)?.[1] ?? '';
  expect(css).toContain('td{padding:0}');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(said)?.[1];
  expect(policy).toBe(
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; base-uri 'none'; form-action 'none'`,
  );
  expect(said.indexOf('Content-Security-Policy')).toBeLessThan(said.indexOf('<style>'));
  expect(() => page({ title: 't', main: html``, style: '</style><script>' })).toThrow(InputError);
});
