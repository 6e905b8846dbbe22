import type { Finding } from '@groundcrew/ground';
import { describe, expect, test } from 'vitest';
import { compose, type Report, toHtml } from '../src/index.ts';
import { make, subject } from './findings.ts';

/** Every tag of a page; a `>` in text is escaped, so that none is missed. */
const tagsOf = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ');

/** A report of which every text that comes from elsewhere is this one. */
function reportOf(text: string): Report {
  const findings = (['fail', 'unknown', 'exempt', 'pass'] as const).map((verdict): Finding =>
    make({
      verdict,
      title: text,
      subject: { kind: text, id: `id of ${text}`, name: text },
      because: [{ statement: text, source: text }],
      remedy: text,
    }),
  );
  return compose(
    { cloud: text, region: text, user: text, scope: text, roles: [text], at: subject.at },
    { ha: findings, audit: [...findings, ...findings] },
  );
}

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script src=//evil.example></script>',
  '</title></head><body onload=alert(1)>',
  '<!-- & &lt; -->',
  'javascript:alert(1)',
  'https://evil.example/?a=1&b=2',
  '$& $1 $$',
];

describe('other people’s text', () => {
  test.each(hostile)('%s changes no tag', (text) => {
    const page = toHtml(reportOf(text));
    expect(tagsOf(page)).toEqual(tagsOf(toHtml(reportOf('a harmless name'))));
  });

  test.each(hostile.filter((text) => /[<>"'&]/.test(text)))('%s is escaped wherever it stands', (text) => {
    expect(toHtml(reportOf(text))).not.toContain(text);
  });

  test('is there to be read', () => {
    const page = toHtml(reportOf('<b>"it\'s" & more</b>'));
    expect(page).toContain('&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;');
  });

  test('what stands between backticks is code, escaped; a single one is a character', () => {
    const because = [{ statement: 'set `<ha>` to true, not `this', source: 'test' }];
    expect(toHtml(compose(subject, { ha: [make({ because })] }))).toContain(
      'Set <code>&lt;ha&gt;</code> to true, not `this',
    );
  });
});

describe('the page', () => {
  const page = toHtml(reportOf('https://elsewhere.example/x.js'));

  test('has no script, and nothing from elsewhere', () => {
    const tags = tagsOf(page);
    expect(tags.filter((tag) => /^<(script|link|iframe|object|embed|base|form|img|svg)/i.test(tag))).toEqual(
      [],
    );
    expect(tags.filter((tag) => /\son\w+=/i.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /\ssrc=/i.test(tag))).toEqual([]);
    const links = tags.flatMap((tag) => /href="([^"]*)"/.exec(tag)?.[1] ?? []);
    expect(links).toHaveLength(6);
    for (const link of links) expect(page).toContain(`id="${link.slice(1)}"`);
    expect(page).not.toMatch(/@import|url\(/);
  });

  test('closes what it opens', () => {
    const open: string[] = [];
    const misfits: string[] = [];
    for (const tag of tagsOf(page)) {
      const name = /^<\/?([a-z0-9]+)/.exec(tag)?.[1];
      if (name === undefined || name === 'meta') continue;
      if (!tag.startsWith('</')) open.push(name);
      else if (open.pop() !== name) misfits.push(tag);
    }
    expect([...open, ...misfits]).toEqual([]);
  });
});

describe('counts', () => {
  test('of a rule with many findings some are shown, and the others counted', () => {
    const findings = Array.from({ length: 45 }, (_, index) =>
      make({ title: `Server ${index} is lost`, subject: { kind: 'server', id: `id-${index}` } }),
    );
    const page = toHtml(compose(subject, { ha: findings }));
    const shown = page.split('class="finding"').length - 1;
    const more = Number(/… and (\d+) more/.exec(page)?.[1]);
    expect(shown + more).toBe(45);
    expect(textOf(page)).toContain('45 fail, 0 unknown, 0 pass');
    expect(textOf(page)).toContain('45 findings to act on (45 high)');
  });

  test('each answer’s counts are those of the report', () => {
    const report = reportOf('a name');
    const text = textOf(toHtml(report));
    expect(text).toContain('1 fail, 1 unknown, 1 pass, 1 exempt');
    expect(text).toContain('2 fail, 2 unknown, 2 pass, 2 exempt');
    expect(text).toContain(
      '3 findings to act on (3 high), 3 things that could not be seen or judged, 4 questions not asked, 3 that passed.',
    );
  });

  test('a report in which nothing was looked at claims nothing', () => {
    const text = textOf(toHtml(compose(subject, {})));
    expect(text).toContain('6 questions not asked, 0 that passed.');
    expect(text).not.toMatch(/nothing was hidden|nothing that was seen fails/i);
    expect(text.split('Nothing was looked at').length - 1).toBe(12);
  });

  test('a report full of unknowns says what would make them known, each once', () => {
    const unknown = make({
      verdict: 'unknown',
      title: 'Not seen: servers',
      remedy: 'Ask as an administrator.',
    });
    const page = toHtml(compose(subject, { ha: [unknown], 'backup-dr': [unknown], audit: [unknown] }));
    const last = page.slice(page.indexOf('id="could-not-see"'));
    expect(last.split('Not seen: servers').length - 1).toBe(1);
    expect(textOf(page)).toContain('Nothing that was seen fails, 3 things that could not be seen or judged');
  });

  test('a report of passes only hides nothing, and says so', () => {
    const pass = make({ verdict: 'pass', remedy: undefined });
    const all = { upgrade: [pass], ha: [pass], 'backup-dr': [pass], monitoring: [pass], audit: [pass] };
    const page = toHtml(compose(subject, { ...all, 'logging-levels': [pass] }));
    expect(textOf(page)).toContain('Nothing that was seen fails, nothing was hidden, 6 that passed.');
    expect(page).not.toContain('could-not-see');
  });
});

describe('a group', () => {
  const router = (id: string, name: string) =>
    make({
      title: `Router ${name} is on one L3 agent`,
      subject: { kind: 'router', id, name },
      because: [{ statement: 'it is on one agent', source: 'routers' }],
      remedy: `Run openstack router set ${id}.`,
    });

  test('says once what all of its findings say, and names each', () => {
    const page = toHtml(compose(subject, { ha: [router('router-id-1', 'a'), router('router-id-2', 'b')] }));
    const section = page.slice(page.indexOf('<section id="ha"'));
    expect(section.split('It is on one agent').length - 1).toBe(1);
    expect(section).toContain('Run openstack router set ‹router›.');
    for (const text of ['a (router-id-1)', 'b (router-id-2)', 'Router b is on one L3 agent']) {
      expect(section).toContain(text);
    }
  });

  test('keeps what differs with each', () => {
    const other = { ...router('router-id-2', 'b'), remedy: 'Leave it.' };
    const page = toHtml(compose(subject, { ha: [router('router-id-1', 'a'), other] }));
    expect(page).toContain('Run openstack router set router-id-1.');
    expect(page).toContain('Leave it.');
  });
});
