import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Judge, observe, RecordReader } from '../../src/index.ts';
import { OffenceCounts } from '../../src/observe/offence-counts.ts';

// `observe` makes text of few lines. What it tells is what comes out if text is made of all of them.
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-same-'));
});
afterAll(() => rm(folder, { recursive: true }));

const REQUEST = 'req-662a1c85-82ae-4a35-bc39-7bcbd8992085';
const MESSAGES: readonly (readonly [head: string, message: string])[] = [
  [
    'WARNING oslo_messaging.rpc.client',
    'Using RPCClient manually to instantiate client. Please use get_rpc_client to obtain an RPC client instance.',
  ],
  ['WARNING nova.conf', 'Option "x" from group "y" is deprecated. Its value may be silently ignored.'],
  ['WARNING nova.conf', 'Option "z" from group "y" is deprecated. Its value may be silently ignored.'],
  ['WARNING nova.x', 'Unable to create the directory of images: late'],
  ['ERROR nova.x', 'Unable to create the directory of images'],
  ['CRITICAL nova.x', 'The end of everything is near'],
  ['INFO nova.x', 'Starting 1 of 2'],
  ['INFO nova.compute.manager', 'Terminating instance'],
  ['INFO nova.x', 'fine'],
  ['DEBUG nova.x', 'password = s3cr3t!'],
  ['WARNING nova.x', 'Traceback (most recent call last):'],
  ['ERROR nova.api.openstack.wsgi', 'Instance 7 could not be found.'],
  [
    'INFO nova.api.openstack.requestlog',
    '127.0.0.1 "GET /v2.1/x" status: 404 len: 7 microversion: 2.1 time: 0.1',
  ],
];
const SECONDS = ['10.000', '10.900', '11.500', '59.999'];
const line = fc
  .tuple(
    fc.constantFrom(...MESSAGES),
    fc.constantFrom('7 ', '8 ', ''),
    fc.constantFrom('13', '14', '17'),
    fc.constantFrom(...SECONDS),
    fc.constantFrom(REQUEST, 'req-ffffffff-82ae-4a35-bc39-7bcbd8992085'),
  )
  .map(
    ([[head, message], pid, minute, second, id]) =>
      `2026-11-23 03:${minute}:${second} ${pid}${head} [None ${id} - - - - -] ${message}`,
  );
const more = fc.constantFrom('  further', 'Traceback (most recent call last):', '');

test('property: by bytes the same offences are told as by text, each as often', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ arbitrary: line, weight: 6 }, { arbitrary: more, weight: 1 }), { maxLength: 40 }),
      async (lines) => {
        const text = lines.map((one) => `${one}\n`).join('');
        await writeFile(path.join(folder, 'x.log'), text);
        const { value } = await observe(folder);

        const counts = new OffenceCounts();
        const judge = new Judge();
        const reader = new RecordReader();
        const records = [...lines.map((one) => reader.feed(one)), reader.end()];
        const told = [
          ...records.flatMap((record) => (record === undefined ? [] : judge.judge(record))),
          ...judge.end(),
        ];
        for (const { record, ...offence } of told) counts.add('x.log', record, offence);
        const wanted = counts.values();
        const inOrder = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).toSorted();
        expect(inOrder(value.offences)).toEqual(inOrder(wanted));
      },
    ),
    { numRuns: 500 },
  );
});
