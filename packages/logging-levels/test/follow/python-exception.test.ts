import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  classNamed,
  classOfRepr,
  exceptionOfRepr,
  linesOf,
  linesOfTraceback,
} from '../../src/follow/python-exception.ts';

// What Python 3.11 and 3.6 print of `repr(error)`.
test.each([
  ["NoValidHost('No valid host was found. ')", 'NoValidHost', 'No valid host was found. '],
  [`KeyError("it's")`, 'KeyError', "it's"],
  [
    String.raw`ValueError('a\nb\t\'c\' \\ \x1b \u202e \U0001f600')`,
    'ValueError',
    "a\nb\t'c' \\ \u001B \u202E \u{1F600}",
  ],
  ["ValueError('old',)", 'ValueError', 'old'],
  ['ValueError()', 'ValueError', ''],
  ["OSError(2, 'No such file or directory')", 'OSError', "2, 'No such file or directory'"],
  ["NoValidHost_Remote('x')", 'NoValidHost', 'x'],
  // As the lab's Nova (Zed) sent it.
  [
    "{'kwargs': {'reason': '', 'code': 500}, 'message': 'No valid host was found. ', 'class': 'NoValidHost_Remote'}",
    'NoValidHost',
    'No valid host was found. ',
  ],
  [
    `{'kwargs': {'reason': "a 'message': 'forged', 'class': 'Forged'"}, 'message': "it's", 'class': 'X'}`,
    'X',
    "it's",
  ],
  [String.raw`ValueError('\U00ffffff')`, 'ValueError', String.raw`\U00ffffff`],
])('%s', (repr, name, text) => {
  expect(exceptionOfRepr(repr)).toEqual({ name, text });
});

test.each([
  '',
  '{',
  '{}',
  "{'class': 'X'}",
  "{'a': {'class': 'X', 'message': 'y'}}",
  '()',
  'x',
  'a b(c)',
  '(x)',
  'Failed (twice)',
  `${'x'.repeat(300)}()`,
])('%s is no exception', (text) => {
  expect(exceptionOfRepr(text)).toBeUndefined();
});

test('a class by its own name, and by that of its repr', () => {
  expect(classNamed('nova.exception_Remote.NoValidHost_Remote')).toBe('nova.exception.NoValidHost');
  expect(classNamed('a b')).toBeUndefined();
  expect(classOfRepr("<class 'ValueError'>")).toBe('ValueError');
  expect(classOfRepr("<class 'nova.exception.NoValidHost'>")).toBe('nova.exception.NoValidHost');
  expect(classOfRepr('<traceback object at 0x7f>')).toBeUndefined();
});

test('the commas between the pieces of Nova’s tracebacks are no part of them', () => {
  const pieces = [
    'Traceback (most recent call last):\n',
    '  File "/x.py", line 1, in f\n    g(1,\n',
    '\nDuring handling of the above exception, another exception occurred:\n\n',
    'nova.exception.X: two\n,lines\n',
  ];
  expect(linesOfTraceback(pieces.join(','))).toEqual([
    'Traceback (most recent call last):',
    '  File "/x.py", line 1, in f',
    '    g(1,',
    '',
    'During handling of the above exception, another exception occurred:',
    '',
    'nova.exception.X: two',
    // It cannot be told apart.
    'lines',
  ]);
  expect(linesOfTraceback('Traceback (most recent call last):\n,x')).toEqual([
    'Traceback (most recent call last):',
    ',x',
  ]);
});

test('of many lines the last is kept', () => {
  const lines = linesOf(`${'x\n'.repeat(5_000)}ValueError: y\n\n`);
  expect(lines).toHaveLength(2_000);
  expect(lines.at(-1)).toBe('ValueError: y');
});

test('any text is read in time, and a text that Python quotes comes back', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          '\\',
          "'",
          '"',
          '\n',
          '\r',
          '\0',
          'n',
          'x',
          'u',
          '4',
          '1',
          '(',
          ')',
          ',',
          'é',
          '😀',
        ),
      }),
      (text) => {
        const quoted = text
          .replaceAll('\\', '\\\\')
          .replaceAll("'", String.raw`\'`)
          .replaceAll('\n', String.raw`\n`);
        expect(exceptionOfRepr(`X('${quoted}')`)).toEqual({ name: 'X', text });
        exceptionOfRepr(text);
        classOfRepr(text);
        linesOfTraceback(text);
      },
    ),
  );
  const began = performance.now();
  exceptionOfRepr(`X('${'\\'.repeat(100_000)}')`);
  exceptionOfRepr(`X('${String.raw`\'`.repeat(100_000)})`);
  exceptionOfRepr(`{'message': '${'{'.repeat(100_000)}`);
  exceptionOfRepr("{'a'".repeat(100_000));
  classOfRepr(`<class '${'a.'.repeat(100_000)}`);
  linesOfTraceback('\n,'.repeat(100_000));
  expect(performance.now() - began).toBeLessThan(5_000);
});
