import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, escapeHtml, escapeMarkdown, hasControls, visible } from '../src/index.ts';

describe('what acts is seen', () => {
  test.each([
    ['clear screen', '\u001B[2Jweb', String.raw`\x1b[2Jweb`],
    ['a title (OSC)', '\u001B]0;root\u0007', String.raw`\x1b]0;root\x07`],
    ['C1', '\u009B31m', String.raw`\x9b31m`],
    ['NUL', 'a\0b', String.raw`a\x00b`],
    ['bidi', 'a\u202Eb\u2066c', String.raw`a\u202eb\u2066c`],
    ['lines', 'a\nb\rc\u2028d', String.raw`a\nb\rc\u2028d`],
    ['zero width', 'ad\u200Bmin\uFEFF', String.raw`ad\u200bmin\ufeff`],
    ['half a pair', 'x\uD800y', String.raw`x\ud800y`],
    ['tags', 'x\u{E0041}', String.raw`x\u{e0041}`],
  ])('%s', (_, text, shown) => expect(visible(text)).toBe(shown));

  test('names in every script, and emoji, stay as they are', () => {
    for (const name of ['Zürich', 'web-01', 'データベース', 'क्ष', '👩‍💻', 'مرحبا', 'a b'])
      expect(visible(name)).toBe(name);
  });

  test('lines stay where they are asked to', () => {
    expect(visible('a\n\tb\r\u001B', { multiline: true })).toBe(`a\n\tb${String.raw`\r\x1b`}`);
  });

  test('property: no output acts, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = [visible(text), csvCell(text), escapeMarkdown(text)];
        for (const line of shown) expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(escapeHtml(text)).not.toMatch(/[<>"']|(?![\n\t])\p{Cc}/u);
      }),
      { numRuns: 500 },
    );
  });
});

test('HTML', () => {
  expect(escapeHtml(`<img src=x onerror="a('b')">&`)).toBe(
    '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;',
  );
});

test('CSV: no formula, no second cell, numbers stay numbers', () => {
  expect(csvCell('=HYPERLINK("http://x")')).toBe(`"'=HYPERLINK(""http://x"")"`);
  expect(csvCell('@SUM(1)')).toBe("'@SUM(1)");
  expect(csvCell('a,b\nc')).toBe(String.raw`"a,b\nc"`);
  expect(csvCell('-12.5')).toBe('-12.5');
  expect(csvCell('-1+cmd|x')).toBe("'-1+cmd|x");
});

test('Markdown: no link, no table, no HTML', () => {
  expect(escapeMarkdown('[a](http://x) | <b> `c`\n# d')).toBe(
    String.raw`\[a\]\(http://x\) \| \<b\> \`c\`\\n\# d`,
  );
});

test('controls are told from text', () => {
  for (const text of ['', 'web 1', 'ü\u00A0\u202E\u{1F600}']) expect(hasControls(text)).toBe(false);
  for (const text of ['\0', 'a\tb', 'a\n', '\u001B[2J', '\u007F', '\u0085'])
    expect(hasControls(text)).toBe(true);
});
