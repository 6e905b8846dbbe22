import { isGroundcrewError, visible } from '@groundcrew/ground';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogRecord, RecordReader } from '../../src/index.ts';
import { type ReleaseNews, releaseNews, releaseNewsMarkdown, whatIsNew } from '../../src/templates.ts';
import { record, times } from './records.ts';
import { asLogged, EPOXY, GAZPACHO } from './release-lines.ts';

function recordsOf(source: string, lines: readonly string[]): LogRecord[] {
  const reader = new RecordReader();
  reader.source = source;
  return [...asLogged(lines).map((line) => reader.feed(line)), reader.end()].filter(
    (one) => one !== undefined,
  );
}
const hop = (): Promise<ReleaseNews> =>
  releaseNews({ before: recordsOf('nova.log', EPOXY), after: recordsOf('nova.log', GAZPACHO) });

test('new alarms by service, without deprecations, and with their place in the catalogue where it has them', async () => {
  const { alarms, gaps } = await hop();
  expect(gaps).toEqual([]);
  const told = Object.fromEntries(
    alarms.map(({ service, messages }) => [
      service,
      messages.map(({ change, sources, entry }) => [change.template.logger, sources, entry?.should]),
    ]),
  );
  expect(told).toEqual({
    neutron: [['neutron.quota.resource_registry', ['nova.log'], 'debug']],
    nova: [['nova.conductor.manager', ['nova.log'], undefined]],
  });
});

test('what is deprecated: with the names of the options, new ones first, and those that were told before as well', async () => {
  const { deprecations } = await hop();
  expect(deprecations.map(({ isNew, logger, times: said }) => [isNew, logger, said])).toEqual([
    [true, 'nova.compute.manager', 1],
    [false, 'oslo_config.cfg', 1],
  ]);
  expect(deprecations[0]?.text).toContain('max_concurrent_live_migrations');
  expect(deprecations[1]?.text).toMatch(/"api_servers" from group "glance" is .* Its value may be silently/);
});

test('the same words at another level, and of another module, are neither new nor gone', async () => {
  const { relevelled, moved, gone, alarms } = await hop();
  expect(relevelled.map(({ change }) => [change.template.text, change.gained])).toEqual([
    ['No port found in network <*> with IP address <*>', ['warning']],
  ]);
  expect(moved.map(({ after }) => after.template.text).toSorted()).toEqual([
    'Caught SIGTERM, stopping children',
    'Full set of CONF:',
    'Starting <*> workers',
    'auth_strategy = keystone',
  ]);
  for (const { before, after, isRelevelled } of moved) {
    expect(before.template.logger).toBe('oslo_service.backend.eventlet.service');
    expect(after.template.logger).toBe('oslo_service.backend._eventlet.service');
    expect(isRelevelled).toBe(false);
  }
  expect(gone.map(({ change }) => change.template.text)).toEqual([
    'Running nova-metadata using eventlet is deprecated. Deploy with a WSGI server such as uwsgi or mod_wsgi.',
  ]);
  // What whatIsNew has of it is more than twice as much.
  const { changes } = await whatIsNew({
    before: recordsOf('x', EPOXY),
    after: recordsOf('x', GAZPACHO),
  });
  const lines = relevelled.length + gone.length + alarms.length;
  expect(changes.length).toBeGreaterThan(2 * lines);
});

test('the noise of every start is a number', async () => {
  const { folded, goneBelow } = await hop();
  expect(folded.map(({ kind, templates, times: said }) => [kind, templates, said])).toEqual([
    ['start', 4, 4],
    ['options', 2, 2],
  ]);
  // The line of stars, which nobody's words are.
  expect(goneBelow).toBe(1);
});

test('as Markdown it is a list to read', async () => {
  const text = releaseNewsMarkdown(await hop(), { from: '2025.1', to: '2026.1' });
  const lines = text.split('\n');
  expect(lines[0]).toBe('# What the logs of 2026.1 say that those of 2025.1 did not');
  expect(lines[2]).toBe('9 records of 9 kinds in 2025.1, 16 of 16 in 2026.1.');
  expect(lines.filter((line) => line.startsWith('## '))).toEqual([
    '## Look at these: 2 new at warning or worse',
    '## Before the next hop: 2 deprecations, 1 of them new',
    '## The same words at another level: 1',
    '## Moved to another module: 4',
    '## Not said any more, at warning or worse: 1. What waits for one may wait in vain, or it did not happen',
    '## As numbers',
  ]);
  expect(lines).toContain(
    '- error → **warning** `neutron.agent.metadata.agent: No port found in network <*> with IP address <*>` (in `nova.log`)',
  );
  expect(text).toMatch(
    /^ {2}- \*\*warning\*\* `neutron\.quota\.resource_registry: security_group_rule is already registered` \(1 time, first 2026-11-30 08:00:\d\d\.100; in `nova\.log`\); known: should be debug, \[[\w-]+\]\(https:\/\/opendev\.org\/openstack\/neutron\/.*\)$/m,
  );
  expect(text).toMatch(/^- \*\*new\*\* `nova\.compute\.manager: Nova compute deprecated the support/m);
  expect(text).toMatch(
    /^- `oslo_service\.backend\.eventlet\.service` → `oslo_service\.backend\._eventlet\.service`: 4 messages: `[^`]*`, `[^`]*`, …$/m,
  );
  expect(text).toMatch(/^- 4 kinds of the start of services, 4 times: /m);
});

test('a message that moved to another level as well is told with both', async () => {
  const news = await releaseNews({
    before: [
      record('Cannot reach the agent of N', { logger: 'neutron.agent.old', level: 'error' }),
      record('x'),
    ],
    after: [
      record('Cannot reach the agent of N', { logger: 'neutron.agent.new', level: 'warning' }),
      record('x'),
    ],
  });
  expect(news.moved).toMatchObject([{ isRelevelled: true }]);
  expect(news.alarms).toEqual([]);
  expect(releaseNewsMarkdown(news)).toContain(
    '- `neutron.agent.old` → `neutron.agent.new`: 1 message: `Cannot reach the agent of N` (error → **warning**)',
  );
});

test.each([
  ['one word', 'nova.a', 'nova.b', 'Failed', 0],
  ['two words within a package', 'nova.a', 'nova.b', 'Failed badly', 1],
  ['two words of another package', 'nova.a', 'cinder.a', 'Failed badly', 0],
  ['three words of another package', 'nova.a', 'cinder.a', 'Failed very badly', 1],
])('%s: whether it is a message that moved', async (_, from, to, text, wanted) => {
  const news = await releaseNews({
    before: [record(text, { logger: from, level: 'error' })],
    after: [record(text, { logger: to, level: 'error' })],
  });
  expect(news.moved).toHaveLength(wanted);
  expect(news.alarms).toHaveLength(1 - wanted);
});

test('of several modules the one with the most similar name is where it came from', async () => {
  const said = (logger: string): LogRecord => record('Lost the connection to it', { logger, level: 'error' });
  const news = await releaseNews({
    before: [said('nova.virt.driver'), said('nova.compute.rpc.manager'), said('cinder.manager')],
    after: [said('nova.compute.manager')],
  });
  expect(news.moved.map(({ before }) => before.template.logger)).toEqual(['nova.compute.rpc.manager']);
  expect(news.gone).toHaveLength(2);
});

test('other programs are left out and counted; what one log has no level for is not known', async () => {
  const news = await releaseNews({
    before: times(3, 'Took N s'),
    after: [
      ...times(3, 'Took N s'),
      record('x', { format: 'rabbitmq', level: 'error' }),
      record('Calling it', { level: 'debug' }),
    ],
  });
  expect(news).toMatchObject({ others: 1, alarms: [], folded: [] });
  const text = releaseNewsMarkdown(news);
  expect(text).toContain('- 1 message of another program was left out');
  expect(text).toContain('## Not known\n\n- the logs before: it has nothing below info');
});

test('it is bounded, and nothing of other people’s text acts on a terminal or a page', async () => {
  const evil = 'a`b\u001B[2J<img src=x> [here](http://evil) \u202E deprecated';
  const news = await releaseNews({
    before: [record('x')],
    after: [
      record('x'),
      ...Array.from({ length: 30 }, (_, index) =>
        record(`Failed ${String.fromCodePoint(97 + index).repeat(3)}`, { level: 'error' }),
      ),
      record(evil, { level: 'warning', logger: 'evil`\n# heading', source: 'a`b.log' }),
      record(`password = s3cr3t-c4n4ry is deprecated`, { level: 'warning' }),
      record('long '.repeat(1_000), { level: 'error' }),
    ],
  });
  const text = releaseNewsMarkdown(news, { most: 5 });
  expect(text).toContain('  - … and 26 more');
  expect(text.split('\n').length).toBeLessThan(30);
  expect(text).not.toContain('c4n4ry');
  expect(visible(text, { multiline: true })).toBe(text);
  expect(text).not.toMatch(/^# heading/m);
  for (const line of text.split('\n')) {
    const marks = line.split('`').length - 1;
    expect(marks % 2, line).toBe(0);
    // Outside of code spans there is no link of a stranger.
    expect(
      line
        .split('`')
        .filter((_, place) => place % 2 === 0)
        .join(''),
    ).not.toContain('http');
    expect(line.length).toBeLessThan(900);
  }
});

test.each([
  [{ misspelt: 1 }, 'misspelt'],
  [{ before: [] }, 'after'],
  [{ before: '/var/log', after: [] }, 'before'],
])('%j is refused', async (options, field) => {
  const error: unknown = await releaseNews(options as never).catch((reason: unknown) => reason);
  expect(isGroundcrewError(error)).toBe(true);
  expect(error).toMatchObject({ field });
});

test('options of the text are read strictly, and an abort ends the reading', async () => {
  const news = await hop();
  expect(() => releaseNewsMarkdown(news, { mots: 1 } as never)).toThrow(/mots/);
  const reason = new Error('enough');
  const aborted = releaseNews({ before: [record('x')], after: [], signal: AbortSignal.abort(reason) });
  await expect(aborted).rejects.toBe(reason);
});

const LEVELS = ['error', 'warning', 'info', 'debug'] as const;

test('property: whatever whatIsNew tells is in one place of the list, or a deprecation', async () => {
  const one = fc
    .tuple(
      fc.constantFrom('nova.a', 'nova.b', 'oslo_x.c'),
      fc.constantFrom('Lost it all', 'Gone it is', 'x = y', 'Starting up', 'It is deprecated', 'z'),
      fc.constantFrom(...LEVELS),
    )
    .map(([logger, message, level]) => record(message, { logger, level }));
  const log = fc.array(one, { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(log, log, async (before, after) => {
      const [{ changes }, news] = await Promise.all([
        whatIsNew({ before, after }),
        releaseNews({ before, after }),
      ]);
      const listed =
        news.alarms.reduce((sum, { messages }) => sum + messages.length, 0) +
        news.relevelled.length +
        news.risen.length +
        news.gone.length +
        news.goneBelow +
        news.folded.reduce((sum, { templates }) => sum + templates, 0);
      const movedThings = new Set(news.moved.flatMap(({ before: old, after: young }) => [old, young])).size;
      const deprecated = changes.filter(
        ({ kind, template }) => kind === 'appeared' && template.text.includes('deprecated'),
      );
      const movedDeprecated = news.moved.filter(({ after: { template } }) =>
        template.text.includes('deprecated'),
      );
      expect(listed + movedThings + deprecated.length - movedDeprecated.length).toBe(changes.length);
    }),
    { numRuns: 300, seed: 12 },
  );
});
