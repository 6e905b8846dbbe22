import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Templates } from '../../src/templates.ts';

const LEVELS = ['info', 'warning', 'error'] as const;
const message = fc.record({
  logger: fc.constantFrom('nova.api', 'nova.compute'),
  level: fc.constantFrom(...LEVELS),
  message: fc.constantFrom(
    'Took 3 seconds',
    'Took 4 seconds',
    'ключ fehlt',
    '',
    'a password=hunter2 b',
    'Lock "x" acquired',
  ),
  at: fc.constantFrom(
    '2026-11-23 03:13:00.264',
    '2026-11-23 03:13:00',
    '2026-11-22 23:59:59.999',
    '2026-11-23T03:13:00.2640001',
  ),
  again: fc.boolean(),
});

test('by bytes, and as the same string again, messages are counted as records are', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), fc.boolean(), (messages, few) => {
      const options = few ? { most: 2 } : {};
      const [byRecord, byBytes] = [new Templates(options), new Templates(options)];
      for (const { logger, level, message: text, at, again } of messages) {
        byRecord.add({ logger, level, message: text, at });
        const log = Buffer.from(`${at} ${text}`);
        const origin = { logger, level, timeStart: 0, timeEnd: at.length };
        const [from, to] = [at.length + 1, log.length];
        if (again) byBytes.addAgain(text, log, from, to, origin);
        else byBytes.addBytes(log, from, to, origin);
        // The bytes are the next block's.
        log.fill(0x39);
      }
      expect(byBytes.toJSON()).toEqual(byRecord.toJSON());
      expect(byBytes.counts()).toEqual(byRecord.counts());
    }),
  );
});

test('the span of the times goes on over what was counted as text, and what was asked for in between', () => {
  const templates = new Templates();
  const count = (at: string, asBytes: boolean) => {
    const origin = { logger: 'nova', level: 'info' } as const;
    const log = Buffer.from(`${at} up`);
    if (asBytes)
      templates.addBytes(log, at.length + 1, log.length, { ...origin, timeStart: 0, timeEnd: at.length });
    else templates.add({ ...origin, message: 'up', at });
    const [counted] = templates.counts();
    return [counted?.first, counted?.last];
  };
  expect(count('2026-11-23 03:00:00', true)).toEqual(['2026-11-23 03:00:00', '2026-11-23 03:00:00']);
  expect(count('2026-11-23 02:00:00', false)).toEqual(['2026-11-23 02:00:00', '2026-11-23 03:00:00']);
  expect(count('2026-11-23 01:00:00', true)).toEqual(['2026-11-23 01:00:00', '2026-11-23 03:00:00']);
  expect(count('2026-11-23 04:00:00.1', true)).toEqual(['2026-11-23 01:00:00', '2026-11-23 04:00:00.1']);
});
