import { readConfiguration } from '@groundcrew/upgrade/compatibility';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('sections, both signs, comments, lines that go on, substitutions, several values', () => {
  const { options, odd, isCut } = readConfiguration(
    [
      '# of the distribution',
      '[DEFAULT]',
      'debug = true',
      'transport-url: rabbit://nova:pw4711@mq:5672/nova',
      '; a comment',
      '[pci]',
      'device_spec = { "vendor_id": "8086" }',
      'device_spec = { "vendor_id": "15b3" }',
      '[filter_scheduler]',
      'enabled_filters = A,',
      '  B,',
      '# amid',
      '\tC',
      '',
      'x = "quoted"',
      'state_path = $pybasedir/state',
      'admin_password = hunter2',
    ].join('\r\n'),
  );
  expect(odd).toEqual([]);
  expect(isCut).toBe(false);
  expect(options).toEqual([
    { section: 'DEFAULT', name: 'debug', value: 'true', line: 3 },
    { section: 'DEFAULT', name: 'transport_url', value: 'rabbit://***@mq:5672/nova', line: 4 },
    { section: 'pci', name: 'device_spec', value: '{ "vendor_id": "8086" }', line: 7 },
    { section: 'pci', name: 'device_spec', value: '{ "vendor_id": "15b3" }', line: 8 },
    { section: 'filter_scheduler', name: 'enabled_filters', value: 'A,\nB,\nC', line: 10 },
    { section: 'filter_scheduler', name: 'x', value: 'quoted', line: 15 },
    { section: 'filter_scheduler', name: 'state_path', value: '$pybasedir/state', line: 16 },
    { section: 'filter_scheduler', name: 'admin_password', value: '***', line: 17 },
  ]);
});

test('what oslo.config refuses is told by its line, and the rest is read', () => {
  const { options, odd } = readConfiguration(' goes on\nbefore = 1\n[open\nnonsense\n= 2\n[a]\nb = 3');
  expect(odd).toEqual([
    { line: 1, why: 'goes on with nothing' },
    { line: 2, why: 'stands before the first section' },
    { line: 3, why: 'is no head of a section' },
    { line: 4, why: 'is no assignment' },
    { line: 5, why: 'is no assignment' },
  ]);
  expect(options.at(-1)).toEqual({ section: 'a', name: 'b', value: '3', line: 7 });
});

test('it is bounded, and says so', () => {
  const text = `[a]\n${'b = 1\n'.repeat(100)}`;
  const cut = readConfiguration(text, { limit: 10 });
  expect(cut.isCut).toBe(true);
  expect(cut.options).toHaveLength(10);
  expect(readConfiguration(text).options).toHaveLength(100);
});

test('no text breaks it, and each option and its line stand in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('[a]', 'b = 1', ' c', '', '#')), { maxLength: 30 }),
      (lines) => {
        const text = lines.join('\n');
        const real = text.split('\n');
        for (const { name, line = 0 } of readConfiguration(text).options)
          expect(real[line - 1]?.replaceAll('-', '_')).toContain(name);
      },
    ),
  );
});
