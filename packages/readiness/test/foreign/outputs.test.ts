import { afterAll, expect, test } from 'vitest';
import { collect, compose, toHtml, toTerminal } from '../../src/index.ts';
import { make, subject } from '../findings.ts';
import { closeSite, site } from '../site.ts';

afterAll(closeSite);

// kubernetes/kubernetes issue 101695 (CVE-2021-25743), CVE-2021-42574.
/** Names as tenants can give them: Nova, Cinder and Keystone take every character of Unicode in a name. */
const HOSTILE = 'web\u001B[2J\u001B]0;root\u0007\u202Egnp.\0\u009B31m<script>alert(1)</script>';

const hostile = compose(
  { ...subject, cloud: HOSTILE, user: HOSTILE, scope: HOSTILE, roles: [HOSTILE] },
  {
    ha: [
      make({
        title: `Server ${HOSTILE} is down`,
        subject: { kind: 'server', id: HOSTILE, name: HOSTILE },
        because: [{ statement: HOSTILE, source: HOSTILE }],
        remedy: HOSTILE,
      }),
    ],
  },
);

/** What moves a cursor, sets a title, ends a text or turns its direction, but for the ends of lines. */
const ACTS = /(?!\n)[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u;

// A title set by a name (CVE-2003-0063 and its kin), and the direction of reading (CVE-2021-42574).
test('names that act on a terminal are shown as what they are', () => {
  const shown = toTerminal(hostile);
  expect(shown).not.toMatch(ACTS);
  expect(shown).toContain(String.raw`web\x1b[2J\x1b]0;root\x07\u202egnp.\x00\x9b31m`);
});

test('nor do they act on a page', () => {
  const page = toHtml(hostile);
  expect(page).not.toMatch(ACTS);
  expect(page).not.toContain('<script');
});

test('secrets that a finding quotes are in no form of the report', () => {
  const canary = 'c4n-ary-of-findings';
  const report = compose(subject, {
    'logging-levels': [
      make({
        title: `logs password=${canary}`,
        subject: { kind: 'message', id: `Starting to use mysql+pymysql://nova:${canary}@db/nova` },
        because: [{ statement: `X-Auth-Token: ${canary}`, source: `amqp://u:${canary}@bus` }],
        remedy: `openstack --os-password ${canary} server list`,
      }),
    ],
  });
  const outputs = [JSON.stringify(report), toHtml(report), toTerminal(report)];
  for (const output of outputs) expect(output).not.toContain(canary);
});

test('a fault of our own in one question costs that question only', async () => {
  const cloud = await site('admin');
  // What an odd answer does to a package that did not expect it: an error that is not of the family.
  const broken = new Proxy(cloud, {
    get: (target, name) => {
      if (name === 'versions') throw new RangeError('Maximum call stack size exceeded');
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const { answers } = await collect(broken);
  await cloud.close();
  const failed = answers.flatMap(({ findings }) => findings.filter(({ id }) => id.endsWith('.failed')));
  expect(failed.map(({ verdict }) => verdict)).toEqual(failed.map(() => 'unknown'));
  expect(failed[0]?.because[0]?.statement).toBe('RangeError: Maximum call stack size exceeded');
  expect(answers.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThan(2);
});

test('whoever gives up gets no report', async () => {
  const cloud = await site('admin');
  const reason = new Error('enough');
  await expect(collect(cloud, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  await cloud.close();
});
