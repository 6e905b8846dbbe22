import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordReader, rules } from '../src/index.ts';
import { messageCatalogue, catalogueUrl, entryOf } from '../src/catalogue.ts';
import { entriesOf } from '../src/catalogue/entry-of.ts';
import { fits, wildcard } from '../src/catalogue/wildcard.ts';
import type { CatalogueEntry } from '../src/catalogue.ts';
import { placeOf } from '../src/release.ts';

/** Reads lines as oslo.log writes them by default: `logging_context_format_string`, `logging_exception_prefix`. */
function read(level: string, logger: string, message: string, traceback: readonly string[] = []) {
  const reader = new RecordReader();
  const at = '2026-11-23 03:13:00.264 7';
  const context = '[None req-9af9cf2b-8d4a-4b56-9c3a-5ea2a0d4e7a1 demo demo - - default default]';
  reader.feed(`${at} ${level.toUpperCase()} ${logger} ${context} ${message}`);
  for (const line of traceback) reader.feed(`${at} ERROR ${logger} ${line}`);
  const record = reader.end();
  if (record === undefined) throw new TypeError('no record was read');
  return record;
}

const tracebackOf = (exception: string) => [
  'Traceback (most recent call last):',
  '  File "/usr/lib/python3/dist-packages/x.py", line 7, in y',
  '    raise z',
  `${exception}: it says so`,
];

const examples = messageCatalogue.flatMap((entry) =>
  entry.examples.map((example): [string, string, CatalogueEntry] => [entry.id, example, entry]),
);

test.each(examples)(
  '%s is found by its logger, level and message, and no other: %s',
  (id, example, entry) => {
    const record = read(entry.from, entry.logger, example);
    expect(entriesOf(record).map((found) => found.id)).toEqual([id]);
    expect(entryOf(record)?.id).toBe(id);
    const other = read(entry.from, `${entry.logger}.other`, example);
    expect(entriesOf(other)).toEqual([]);
    expect(entriesOf(read(entry.from === 'info' ? 'error' : 'info', entry.logger, example))).toEqual([]);
  },
);

test.each(
  messageCatalogue
    .filter(({ exception }) => exception !== undefined)
    .map((entry) => [entry.id, entry] as const),
)('%s is known by the exception of its traceback, and not with another one', (id, entry) => {
  const exception = (entry.exception ?? '').replaceAll('*', '_Remote');
  const message = (entry.examples[0] ?? '').replace(/: \w+\.exception.*$/, '');
  const found = read(entry.from, entry.logger, message, tracebackOf(exception));
  expect(entriesOf(found).map((one) => one.id)).toContain(id);
  const other = read(entry.from, entry.logger, message, tracebackOf('nova.exception.MessagingTimeout'));
  expect(entriesOf(other).map((one) => one.id)).not.toContain(id);
});

describe('what is nearly an entry is none', () => {
  test.each([
    // Both are answers of 500 (keystone/exception.py, UnexpectedError), whatever their names.
    [
      'error',
      'keystone.server.flask.application',
      'The Keystone configuration file /etc/x could not be found.',
    ],
    [
      'error',
      'keystone.server.flask.application',
      'No encryption keys found; run keystone-manage fernet_setup to bootstrap one.: keystone.exception.KeysNotFound: No encryption keys found; run keystone-manage fernet_setup to bootstrap one.',
    ],
    // The message bus is gone: that is for the administrator.
    [
      'error',
      'nova.conductor.manager',
      'Failed to schedule instances: oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 4f0a',
    ],
    // The same code logs other causes (cinder/scheduler/flows/create_volume.py).
    [
      'error',
      'cinder.scheduler.flows.create_volume',
      'Failed to run task cinder.scheduler.flows.create_volume.ScheduleCreateVolumeTask;volume:create: Timed out waiting for a reply',
    ],
    // The disk is full, and images cannot be stored any more.
    [
      'error',
      'glance.api.v2.image_data',
      'Image storage media is full: There is not enough disk space on the image storage media.',
    ],
    [
      'error',
      'glance_store._drivers.filesystem',
      'There is no enough disk space left on the image storage media. requested=7',
    ],
    // A resource was really registered twice as another kind.
    [
      'error',
      'neutron.quota.resource_registry',
      'Resource port is already registered as a countable resource.',
    ],
    ['warning', 'octavia.amphorae.drivers.haproxy.rest_api_driver', 'Could not connect to instance.'],
  ])('%s %s: %s', (level, logger, message) => {
    expect(entriesOf(read(level, logger, message))).toEqual([]);
  });
});

test('what a tenant called something makes no other entry of it', () => {
  // The name of the project ends as another exception would; the traceback is Keystone's own.
  const record = read(
    'error',
    'keystone.server.flask.application',
    'An unexpected error prevented the server from fulfilling your request: x: keystone.exception.SchemaValidationError: y',
    tracebackOf('keystone.exception.UnexpectedError'),
  );
  expect(entriesOf(record)).toEqual([]);
});

test('each entry says what it is, once', () => {
  expect(messageCatalogue.length).toBeGreaterThanOrEqual(50);
  expect(new Set(messageCatalogue.map(({ id }) => id)).size).toBe(messageCatalogue.length);
  for (const { id, rule, from, should, releases, source, examples: given } of messageCatalogue) {
    expect(rules[rule], id).toBeDefined();
    expect(from, id).not.toBe(should);
    expect(placeOf(releases.first), id).toBeGreaterThanOrEqual(placeOf('zed'));
    expect(placeOf(releases.last), id).toBeGreaterThanOrEqual(placeOf(releases.first));
    expect(catalogueUrl(source), id).toMatch(
      /^https:\/\/opendev\.org\/openstack\/[\w.-]+\/src\/tag\/\d[\d.]*\/.+\.py#L\d+$/,
    );
    expect(given.length, id).toBeGreaterThan(0);
  }
});

test('a template fits whatever varies, and nothing that lacks one of its parts', () => {
  const word = fc.string({ maxLength: 20 }).filter((text) => !text.includes('|'));
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 2, maxLength: 4 }),
      fc.array(word, { minLength: 3 }),
      (parts, filled) => {
        const marked = parts.map((part, index) => `|${index}${part.replaceAll('*', '')}`);
        const text = marked
          .map((part, index) => part + (index < marked.length - 1 ? (filled[index] ?? '') : ''))
          .join('');
        expect(fits(wildcard(marked.join('*')), text)).toBe(true);
        expect(fits(wildcard(marked.join('*')), text.replace('|1', ''))).toBe(false);
      },
    ),
  );
});

test.each([
  ['Failed to run task *: No valid backend was found.*', 'Failed to run task '],
  [
    'Instance * has been moved to another host *. There are allocations *',
    ' has been moved to another host ',
  ],
])('a long line takes no longer than it is long: %s', (template, part) => {
  const text = `${template.slice(0, 9)}${part.repeat(100_000)}`;
  const started = process.cpuUsage();
  for (let turn = 0; turn < 10; turn += 1) fits(wildcard(template), text, ': ');
  // A search that begins anew at each part would take a hundred thousand times as long.
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
});
