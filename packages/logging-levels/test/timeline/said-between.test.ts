import { expect, test } from 'vitest';
import { saidBetween } from '../../src/timeline.ts';
import { readText } from './read-text.ts';

// What a compute host of the lab said around a lost connection to the bus, with times of its own choice.
const LOG = `2026-11-30 03:11:59.999 7 INFO nova.compute.manager [-] before
2026-11-30 03:12:00.000 7 ERROR oslo.messaging._drivers.impl_rabbit [-] [f196512c-ee55-4e37-9014-cb9fd18e1f9d] AMQP server on 127.0.0.1:5672 is unreachable: <RecoverableConnectionError: unknown error>. Trying again in 1 seconds.
2026-11-30 03:12:01.000 7 ERROR oslo.messaging._drivers.impl_rabbit [-] [334e919c-8e07-4583-bfb2-c9aa09beb095] AMQP server on 127.0.0.1:5672 is unreachable: <RecoverableConnectionError: unknown error>. Trying again in 2 seconds.
2026-11-30 03:12:01.500 7 DEBUG nova.compute.manager [-] under the hood
2026-11-30 03:12:02.000 7 INFO nova.compute.manager [-] Took 0.52 seconds to build instance.
2026-11-30 03:12:03.000 7 INFO nova.compute.manager [-] Took 1.52 seconds to build instance.
2026-11-30 03:12:04.000 7 INFO nova.compute.manager [-] Took 2.52 seconds to build instance.
2026-11-30 03:15:00.000 7 CRITICAL nova [-] after`;
const WINDOW = { from: '2026-11-30T03:12:00Z', to: '2026-11-30T03:15:00Z' };

test('what each source said, by kind, the most urgent first', async () => {
  const { value, completeness, gaps } = await saidBetween(
    [{ service: 'nova-compute', host: 'compute-2', records: readText(LOG) }],
    WINDOW,
  );
  expect([completeness, gaps]).toEqual(['complete', []]);
  expect(value.sources).toMatchObject([
    {
      service: 'nova-compute',
      host: 'compute-2',
      records: 6,
      untimed: 0,
      covers: true,
      from: '2026-11-30T03:11:59.999Z',
      to: '2026-11-30T03:15:00.000Z',
    },
  ]);
  expect(
    value.sources[0]?.said.map(({ level, times, firstAt, lastAt, line }) => [
      level,
      times,
      firstAt,
      lastAt,
      line,
    ]),
  ).toEqual([
    ['error', 2, '2026-11-30T03:12:00.000Z', '2026-11-30T03:12:01.000Z', 2],
    ['info', 3, '2026-11-30T03:12:02.000Z', '2026-11-30T03:12:04.000Z', 5],
  ]);
});

test('from a level on', async () => {
  const levelsFrom = async (level?: 'error' | 'debug') => {
    const { value } = await saidBetween([{ service: 'x', records: readText(LOG) }], { ...WINDOW, level });
    return value.sources[0]?.said.map((said) => said.level);
  };
  expect(await levelsFrom('error')).toEqual(['error']);
  expect(await levelsFrom()).toEqual(['error', 'info']);
  expect(await levelsFrom('debug')).toEqual(['error', 'info', 'debug']);
});

test('a log that does not reach over the question is a gap: its silence means nothing', async () => {
  const within = LOG.split('\n').slice(1, -1).join('\n');
  const { value, completeness, gaps } = await saidBetween(
    [
      { service: 'begins-later', records: readText(within) },
      { service: 'empty', records: [] },
      { service: 'no-times', records: readText(LOG).map((record) => ({ ...record, at: 'yesterday' })) },
      { service: 'elsewhere', offset: '-05:00', records: readText(LOG) },
    ],
    WINDOW,
  );
  expect(completeness).toBe('partial');
  expect(value.sources.map(({ covers, records, untimed }) => [covers, records, untimed])).toEqual([
    [false, 6, 0],
    [false, 0, 0],
    [false, 0, 8],
    [false, 0, 0],
  ]);
  expect(gaps.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'begins-later: its records are of 2026-11-30T03:12:00.000Z to 2026-11-30T03:12:04.000Z: what it said before and after is not there',
    'empty: it has no record with a time',
    'no-times: it has no record with a time',
    'elsewhere: its records are of 2026-11-30T08:11:59.999Z to 2026-11-30T08:15:00.000Z: what it said before and after is not there',
  ]);
});

test('of very many kinds the first thousand are kept, and the others told', async () => {
  const [first] = readText(LOG);
  if (first === undefined) throw new Error('no record');
  // Two words that no digit tells apart: each is a kind of its own.
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
  const names = letters.flatMap((a) => letters.flatMap((b) => ['x', 'y'].map((c) => `${a}${b}${c}`)));
  const { value, gaps } = await saidBetween(
    [
      {
        service: 'x',
        records: [
          first,
          ...names.map((name) => ({ ...first, at: '2026-11-30 03:13:00.000', message: `said ${name}` })),
          { ...first, at: '2026-11-30 03:16:00.000' },
        ],
      },
    ],
    WINDOW,
  );
  expect(value.sources[0]?.said).toHaveLength(1000);
  expect(gaps).toMatchObject([{ kind: 'cut', why: '352 records of further kinds of message were not kept' }]);
});

test('options are read strictly', async () => {
  const sources = [{ service: 'x', records: [] }];
  await expect(saidBetween([], WINDOW)).rejects.toThrow('saidBetween: sources: are none');
  await expect(saidBetween(sources, { ...WINDOW, from: WINDOW.to })).rejects.toThrow(
    'saidBetween: to: is not after',
  );
  // Without a zone it would be read by the machine's.
  await expect(saidBetween(sources, { ...WINDOW, from: '2026-11-30T03:12:00' })).rejects.toThrow(
    'saidBetween: from',
  );
});
