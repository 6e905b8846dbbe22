import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ShapeScanner } from '../../src/templates/shape.ts';

const scanner = new ShapeScanner();
const encoder = new TextEncoder();

function shapeOf(message: string): string {
  const bytes = encoder.encode(message);
  scanner.scan(bytes, 0, bytes.length);
  return scanner.text(bytes);
}

test.each([
  [
    'Took 1.23 seconds to spawn the instance on the hypervisor.',
    'Took <*> seconds to spawn the instance on the hypervisor.',
  ],
  ['Instance 6f3a1c9e-0d3b-4f58-9a27-2f9f1a2b3c4d could not be found.', 'Instance <*> could not be found.'],
  ["No module named 'foo'", 'No module named <*>'],
  ["It doesn't work, and it isn't nice", "It doesn't work, and it isn't nice"],
  [
    'GET /v2.1/servers/detail HTTP/1.1 status: 200 len: 1583 time: 0.19',
    'GET <*> status: <*> len: <*> time: <*>',
  ],
  ["options {'a': 1, 'b': [2, 3], 'c': None}", 'options {<*>}'],
  ["options {'a': 1}", 'options {<*>}'],
  ['status None', 'status <*>'],
  ['deadbeef and cafe', '<*> and cafe'],
  // loghub's OpenStack sample tells the methods apart (`E24`, `E25`, `E26`), and so does an operator.
  [
    '10.11.10.1 "GET /v2/54fadb/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2477829',
    '<*> "GET <*>" status: <*> len: <*> time: <*>',
  ],
  ['"GET" "GET " "SELECT host" "get /x"', '<*>'],
  // A port, a query and a position in a file are no words of the message.
  [
    'GET http://127.0.0.1:8776/v3/volumes?all_tenants=true&limit=x returned with HTTP 200',
    'GET http:<*> returned with HTTP <*>',
  ],
  ['/usr/lib/x.py:12: DeprecationWarning: gone', '<*>: DeprecationWarning: gone'],
  // Octavia writes its options in columns.
  ['amphora_agent.log_protocol     = UDP', 'amphora_agent.log_protocol = UDP'],
  ['Invalid user bob@controller', 'Invalid user <*>'],
  ['Loaded ﻿x', 'Loaded ﻿x'],
  ['an unclosed " quote', 'an unclosed " quote'],
  ['', ''],
])('%j is %j', (message, shape) => {
  expect(shapeOf(message)).toBe(shape);
});

test('equal shapes have equal hashes, and of different ones none was seen to', () => {
  const seen = new Map<string, string>();
  const word = fc.constantFrom('a', 'b', 'Server', '1', "'x'", '[', ']', ',', ':', 'None', 'ä', '/etc');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const shape = shapeOf(words.join(' '));
      const hash = `${scanner.high} ${scanner.low}`;
      expect(seen.get(hash) ?? shape).toBe(shape);
      seen.set(hash, shape);
    }),
    { numRuns: 20_000, seed: 1 },
  );
  expect(new Set(seen.values()).size).toBe(seen.size);
});

test('a hash with another seed is another, of the same shape', () => {
  const seeded = new ShapeScanner([1, 2]);
  const bytes = encoder.encode('Took 1 s');
  scanner.scan(bytes, 0, bytes.length);
  seeded.scan(bytes, 0, bytes.length);
  expect([seeded.high, seeded.low]).not.toEqual([scanner.high, scanner.low]);
  expect(seeded.text(bytes)).toBe('Took <*> s');
});

test('a message without an end has a shape with one', () => {
  expect(shapeOf('word '.repeat(100_000)).length).toBeLessThan(2_100);
  expect(shapeOf('w'.repeat(100_000))).toBe('<*>');
  expect(shapeOf('; '.repeat(100_000)).length).toBeLessThan(600);
});

test('a shape of a shape is itself', () => {
  for (const message of ['Took 1.2 s', "a 'b' c", 'x=[1, 2]']) {
    const shape = shapeOf(message);
    expect(shapeOf(shape.replaceAll('<*>', '0'))).toBe(shape);
  }
});

test.each(["'", '"', "'\\", '[', '{', ' '])('a megabyte of %j is scanned once', (text) => {
  const bytes = encoder.encode(text.repeat(1_000_000));
  const began = process.cpuUsage();
  scanner.scan(bytes, 0, bytes.length);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
});
