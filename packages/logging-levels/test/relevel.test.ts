import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogRecord, osloFormat, RecordReader } from '../src/index.ts';
import { messageCatalogue } from '../src/catalogue.ts';
import {
  defaultLogLevels,
  fluentBitFilters,
  ownLogLevels,
  quietFilters,
  relevel,
  relevelled,
} from '../src/relevel.ts';
import { linePattern } from '../src/relevel/fluent-bit.ts';

const line = (level: string, logger: string, message: string) =>
  `2026-11-23 03:13:00.264 7 ${level.toUpperCase()} ${logger} [None req-9af9cf2b-8d4a-4b56-9c3a-5ea2a0d4e7a1 demo demo - - default default] ${message}`;

function read(...lines: string[]): LogRecord[] {
  const reader = new RecordReader();
  return [...lines.map((one) => reader.feed(one)), reader.end()].filter((record) => record !== undefined);
}
const one = (level: string, logger: string, message: string): LogRecord => {
  const [record] = read(line(level, logger, message));
  if (record === undefined) throw new TypeError('no record was read');
  return record;
};

const GLANCE = one('error', 'glance_store._drivers.filesystem', 'Unable to create datadir: /mnt/images');
const KEYSTONE = one(
  'error',
  'keystone.server.flask.application',
  'Could not find project: demo.: keystone.exception.ProjectNotFound: Could not find project: demo.',
);

test("the talk's case: Glance's store is a warning, with its rule and upstream's line", () => {
  const { level, was, because } = relevel(GLANCE);
  expect([was, level]).toEqual(['error', 'warning']);
  expect(because.map(({ source }) => source)).toEqual([
    'the talk of 2014 on running OpenStack',
    'https://opendev.org/openstack/glance_store/src/tag/4.1.0/glance_store/_drivers/filesystem.py#L369',
  ]);
});

test('an entry is for the releases whose source has it', () => {
  expect(relevel(KEYSTONE, { release: 'zed' }).level).toBe('warning');
  expect(relevel(KEYSTONE, { release: '2024.1' }).level).toBe('warning');
  // Since 2024.2 Keystone says it at debug: what is an error there is another thing.
  expect(relevel(KEYSTONE, { release: '2024.2' })).toEqual({ level: 'error', was: 'error', because: [] });
  expect(relevel(KEYSTONE, { release: 'dalmatian' }).level).toBe('error');
  // What was not looked at is not known.
  expect(relevel(GLANCE, { release: 'yoga' }).level).toBe('error');
});

test('a release that is none, and an option that is none, are refused', () => {
  expect(() => relevel(GLANCE, { release: 'zebra' })).toThrow(/release: is no release of OpenStack/);
  expect(() => relevel(GLANCE, { relase: 'zed' } as object)).toThrow(/relase/);
  expect(() => relevelled([], { release: '2022' })).toThrow(/release/);
});

test('what is only likely stays as it is', () => {
  const likely = one('error', 'glance.api.v2.images', 'Image 42 could not be found.');
  expect(relevel(likely)).toEqual({ level: 'error', was: 'error', because: [] });
  expect(relevel(one('info', 'nova.service', 'Starting compute node (version 26.2.2)')).level).toBe('info');
});

test("a warning that was logged with its exception is an error; Python's own words are nobody's level", () => {
  const reader = new RecordReader(undefined, osloFormat({}));
  reader.feed(line('warning', 'x.y', 'it went wrong'));
  reader.feed('2026-11-23 03:13:00.264 7 ERROR x.y Traceback (most recent call last):');
  reader.feed('2026-11-23 03:13:00.264 7 ERROR x.y   File "/usr/lib/x.py", line 7, in y');
  reader.feed('2026-11-23 03:13:00.264 7 ERROR x.y ValueError: no');
  const record = reader.end();
  expect(record === undefined ? undefined : relevel(record)).toMatchObject({
    was: 'warning',
    level: 'error',
  });
  const [past] = read('Exception ignored in: <function x>');
  expect(past === undefined ? undefined : relevel(past).because).toEqual([]);
});

test('a stream keeps its order and its records, and changes the level alone', async () => {
  const records = messageCatalogue.flatMap(({ from, logger, examples }) =>
    examples.map((example) => one(from, logger, example)),
  );
  const seen = await Array.fromAsync(relevelled(records));
  expect(seen.map(({ line: at, message }) => [at, message])).toEqual(
    records.map(({ line: at, message }) => [at, message]),
  );
  expect(seen.every(({ level, was }) => level !== was)).toBe(true);
  // Again, of what came out: a level that is right is left alone.
  const again = await Array.fromAsync(relevelled(seen));
  expect(again.map(({ level }) => level)).toEqual(seen.map(({ level }) => level));
});

test('any record comes back with its own level, or with a reason', () => {
  fc.assert(
    fc.property(fc.constantFrom('error', 'warning', 'info', 'debug'), fc.string(), (level, message) => {
      const {
        was,
        level: now,
        because,
      } = relevel(one(level, 'nova.compute.manager', message.replaceAll(/[\r\n]/g, ' ')));
      expect(was).toBe(level);
      expect(now === was).toBe(because.length === 0);
    }),
  );
});

const RPC =
  'Using RPCClient manually to instantiate client. Please use get_rpc_client to obtain an RPC client instance.';

test("a logger of noise alone is silenced; oslo.log's defaults and the service's stay", async () => {
  const records = [
    one('warning', 'oslo_messaging.rpc.client', RPC),
    one('warning', 'oslo_messaging.rpc.client', RPC),
    one('info', 'nova.virt.driver', "Loading compute driver 'libvirt.LibvirtDriver'"),
    one('info', 'nova.compute.manager', 'Terminating instance'),
    one('info', 'nova.compute.manager', 'Took 1.00 seconds to destroy the instance on the hypervisor.'),
  ];
  const {
    line: text,
    cut,
    kept,
  } = await defaultLogLevels(records, { release: '2025.1', own: ownLogLevels.nova });
  expect(cut).toEqual([
    { logger: 'nova.virt.driver', level: 'warning', messages: 1 },
    { logger: 'oslo_messaging.rpc.client', level: 'error', messages: 2 },
  ]);
  expect(kept.map(({ logger }) => logger)).toEqual(['nova.compute.manager']);
  // oslo_log/_options.py 7.1.0, nova/config.py 31.3.1.
  expect(text).toBe(
    'default_log_levels = amqp=WARN,boto=WARN,sqlalchemy=WARN,suds=INFO,oslo.messaging=INFO,oslo_messaging=INFO,iso8601=WARN,' +
      'requests.packages.urllib3.connectionpool=WARN,urllib3.connectionpool=WARN,websocket=WARN,' +
      'requests.packages.urllib3.util.retry=WARN,urllib3.util.retry=WARN,keystonemiddleware=WARN,routes.middleware=WARN,' +
      'stevedore=WARN,taskflow=WARN,keystoneauth=WARN,oslo.cache=INFO,oslo_policy=INFO,dogpile.core.dogpile=INFO,' +
      'amqplib=WARN,qpid=WARN,glanceclient=WARN,oslo.privsep.daemon=INFO,nova.virt.driver=WARNING,oslo_messaging.rpc.client=ERROR',
  );
});

test('2026.1 has two defaults less (oslo.log 8.0.0)', async () => {
  const { line: text } = await defaultLogLevels([], { release: '2026.1', own: [] });
  expect(text).not.toContain('qpid');
  expect(text.split(',')).toHaveLength(20);
});

test('a level for a logger is one for those below it, which may say other things', async () => {
  const records = [
    one('info', 'nova.virt.driver', "Loading compute driver 'libvirt.LibvirtDriver'"),
    one('info', 'nova.virt.driver.sub', 'Volume attached'),
  ];
  const { cut, kept } = await defaultLogLevels(records, { release: 'zed', own: [] });
  expect(cut).toEqual([]);
  expect(kept).toHaveLength(1);
  const beside = [...records.slice(0, 1), one('info', 'nova.virt.drivers', 'Volume attached')];
  expect((await defaultLogLevels(beside, { release: 'zed', own: [] })).cut).toHaveLength(1);
});

test('noise at error is never silenced by level: what else is an error would be, too', async () => {
  const { cut } = await defaultLogLevels([GLANCE, KEYSTONE], { release: 'zed', own: [] });
  expect(cut).toEqual([]);
});

test('what is above already stays there; a level that is none is refused', async () => {
  const records = [one('info', 'nova.virt.driver', "Loading compute driver 'libvirt.LibvirtDriver'")];
  const options = { release: 'zed', own: ['nova.virt.driver=ERROR'] };
  const { line: text, cut } = await defaultLogLevels(records, options);
  expect(text).toContain('nova.virt.driver=ERROR');
  expect(cut).toEqual([]);
  await expect(defaultLogLevels([], { release: 'zed', own: ['nova=LOUD'] })).rejects.toThrow(
    /LOUD is no level/,
  );
  await expect(defaultLogLevels([], { release: 'zed', own: ['nova'] })).rejects.toThrow(/own/);
});

test('filters: what an alarm on errors, and what a store of info and above may leave out', () => {
  const ofAlarms = quietFilters({ keep: 'error', release: 'zed' }).map(({ id }) => id);
  expect(ofAlarms).toContain('glance-store-datadir');
  expect(ofAlarms).not.toContain('neutron-no-controller');
  const ofStore = quietFilters({ keep: 'info' }).map(({ id }) => id);
  expect(ofStore).toContain('messaging-manual-client');
  expect(ofStore).not.toContain('glance-store-datadir');
  expect(quietFilters({ keep: 'error', release: '2026.1' }).map(({ id }) => id)).not.toContain(
    'keystone-not-found',
  );
});

test('Fluent Bit leaves out every example of the catalogue, and nothing that nearly is one', () => {
  for (const keep of ['error', 'warning', 'info'] as const)
    for (const filter of quietFilters({ keep })) {
      const pattern = new RegExp(linePattern(filter));
      const entry = messageCatalogue.find(({ id }) => id === filter.id);
      for (const example of entry?.examples ?? []) {
        const text = line(filter.level, filter.logger, example);
        expect(pattern.test(text), text).toBe(true);
        expect(pattern.test(line(filter.level, `${filter.logger}x`, example)), filter.id).toBe(false);
        expect(pattern.test(line('debug', filter.logger, example)), filter.id).toBe(false);
        expect(pattern.test(`2026-11-23 03:13:00.264 7 ERROR x [-] quotes: ${text}`), filter.id).toBe(false);
      }
    }
});

test('its configuration has one filter with one line for each message, and its source', () => {
  const text = fluentBitFilters(
    quietFilters({ keep: 'error' }).filter(({ id }) => id === 'glance-store-datadir'),
    { match: 'openstack.*', key: '$log' },
  );
  expect(text).toBe(String.raw`[FILTER]
    Name    grep
    Match   openstack.*
    # glance-store-datadir: https://opendev.org/openstack/glance_store/src/tag/4.1.0/glance_store/_drivers/filesystem.py#L369
    Exclude $log ^\d{4}-\d\d-\d\d[ T][\d:.,]{8,20} (?:\d{1,10} )?ERROR glance_store\._drivers\.filesystem(?: \[[^\]]{0,500}\])? (?:\[instance: [^\]]{0,64}\] {0,2})?Unable to create datadir: .{0,1000}(?:: .{0,4000})?$
`);
  expect(fluentBitFilters([])).toBe('');
  expect(() => fluentBitFilters([], { key: 'a b' })).toThrow(/key/);
});
