import { hasControls } from '@groundcrew/ground';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorNotifications } from '../../src/follow.ts';
import { sent, exceptionPayload, sourceOf } from './error-messages.ts';

const FIELDS = [
  'exception',
  'exception_message',
  'reason',
  'fault',
  'traceback',
  'module_name',
  'args',
  'msg',
  'levelname',
  'exc_info',
  'nova_object.data',
  'instance_uuid',
  'process',
];
const oddText = fc.oneof(
  fc.string({ unit: 'binary-ascii' }),
  fc.constantFrom(
    "X('a\\",
    '<class',
    '\n,  File ',
    'Traceback (most recent call last):\n,',
    'ERROR',
    '\u001B[2J',
    '\u009B2J\u202E\uD800',
    '__proto__',
  ),
);
const oddPayload = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.constantFrom(...FIELDS),
    fc.oneof(oddText, fc.jsonValue(), fc.array(oddText), fc.dictionary(fc.constantFrom(...FIELDS), oddText)),
  ),
);

test('whatever JSON is sent, each message is a record, passed over or counted, and no text of it acts on a terminal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('logrecord', 'compute.exception', 'x.error', 'instance.a.error', 'y'),
      oddPayload,
      fc.dictionary(
        fc.constantFrom('_context_request_id', 'publisher_id', 'timestamp', 'priority', 'message_id'),
        fc.oneof(oddText, fc.jsonValue()),
      ),
      async (event, payload, more) => {
        const { source, acknowledged } = sourceOf([sent(event, payload, more), sent('image.upload', 'last')]);
        const errors = errorNotifications(source);
        const records = await Array.fromAsync(errors);
        expect(acknowledged).toEqual([0]);
        expect(records.at(-1)?.message).toBe('last');
        expect(records.length + errors.gaps().length).toBeLessThanOrEqual(2);
        for (const record of records) {
          const { more: lines, ...others } = record;
          const texts = [...lines, ...Object.values(others)].filter((text) => typeof text === 'string');
          expect(texts.filter((text) => hasControls(text))).toEqual([]);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('what is nested deeper than the stack, or as long as may be, is counted or read in time', async () => {
  const deep = `{"oslo.message":${JSON.stringify(`{"message_id":"m","event_type":"x.error","payload":{"nova_object.data":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}}`)}}`;
  const long = sent(
    'compute.exception',
    exceptionPayload({
      traceback: '\n,  File "x", line 1, in '.repeat(20_000),
      exception_message: "'".repeat(300_000),
    }),
  );
  const began = performance.now();
  const errors = errorNotifications(sourceOf([deep, long]).source);
  const records = await Array.fromAsync(errors);
  expect(records.length + errors.gaps().length).toBe(2);
  expect(records.at(-1)?.more.length).toBeLessThanOrEqual(2_000);
  expect(performance.now() - began).toBeLessThan(10_000);
});
