import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposeFamilies } from '../../src/exporter/exposed-families.ts';
import { END, exposition, type ExpositionFormat } from '../../src/exporter/exposition.ts';
import { labelValue } from '../../src/exporter/label-text.ts';
import { metric } from '../../src/metrics/metric.ts';
import type { MetricFamily } from '../../src/metrics/round.ts';
import { parseExposition, type ParsedFamily } from './parse-exposition.ts';
import { aRound, family, samples, servers } from './rounds.ts';

const textOf = (families: readonly MetricFamily[], format: ExpositionFormat): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(
    exposition(exposeFamilies(families, 1_000).families.values(), format),
  ) + END[format];

const parsed = (
  families: readonly MetricFamily[],
  format: ExpositionFormat = 'prometheus',
): ReadonlyMap<string, ParsedFamily> => parseExposition(textOf(families, format), format);

test("Prometheus' text: help, type, and a line for each series, by the names of the metrics", () => {
  expect(textOf(aRound().families, 'prometheus')).toBe(
    [
      '# HELP shop_restarts_total Restarts.',
      '# TYPE shop_restarts_total counter',
      'shop_restarts_total{host="compute-1"} 4',
      '# HELP shop_servers Servers.',
      '# TYPE shop_servers gauge',
      'shop_servers{project="web",status="ACTIVE"} 1',
      'shop_servers{project="web",status="ERROR"} 1',
      '# HELP shop_uptime_seconds Time since the start.',
      '# TYPE shop_uptime_seconds gauge',
      'shop_uptime_seconds{id="a1",name="web-1"} 60',
      'shop_uptime_seconds{id="b2",name="web-2"} 0.5',
      '',
    ].join('\n'),
  );
});

test('OpenMetrics: a counter is named without _total and its series with it, units, and an end', () => {
  expect(textOf(aRound().families, 'openmetrics')).toBe(
    [
      '# TYPE shop_restarts counter',
      '# HELP shop_restarts Restarts.',
      'shop_restarts_total{host="compute-1"} 4',
      '# TYPE shop_servers gauge',
      '# HELP shop_servers Servers.',
      'shop_servers{project="web",status="ACTIVE"} 1',
      'shop_servers{project="web",status="ERROR"} 1',
      '# TYPE shop_uptime_seconds gauge',
      '# UNIT shop_uptime_seconds seconds',
      '# HELP shop_uptime_seconds Time since the start.',
      'shop_uptime_seconds{id="a1",name="web-1"} 60',
      'shop_uptime_seconds{id="b2",name="web-2"} 0.5',
      '# EOF',
      '',
    ].join('\n'),
  );
});

test('a unit in the middle of a name is not told: Prometheus refuses the whole scrape for it', () => {
  const odd = metric({ name: 'shop_bytes_free', help: 'x', unit: 'bytes' });
  const counter = metric({ name: 'shop_sent_bytes_total', help: 'x', kind: 'counter', unit: 'bytes' });
  const found = parsed([family(odd, samples([1])), family(counter, samples([2]))], 'openmetrics');
  expect(found.get('shop_bytes_free')?.unit).toBeUndefined();
  expect(found.get('shop_sent_bytes')?.unit).toBe('bytes');
});

describe.each(['prometheus', 'openmetrics'] as const)('%s', (format) => {
  test.each([
    ['quotes', 'a "b"', 'a "b"'],
    ['backslashes', String.raw`C:\n\\`, String.raw`C:\n\\`],
    ['line feeds', 'a\nb\n', 'a\nb\n'],
    ['a carriage return', 'a\r\nb', 'a\\r\nb'],
    ['NUL', 'a\0b', String.raw`a\x00b`],
    ['half of a pair', 'a\uD800b', String.raw`a\ud800b`],
    ['marks that turn the line', 'a\u202Eb', String.raw`a\u202eb`],
    ['a separator of lines', 'a\u2028b', String.raw`a\u2028b`],
    ['other scripts, and emoji', 'große 服务器 🚀', 'große 服务器 🚀'],
    ['nothing', '', ''],
    ['braces and commas', '{a="b",c="d"} 1', '{a="b",c="d"} 1'],
  ])('%s in a label', (_, given, shown) => {
    const found = parsed([family(servers, samples([7, given, 'ACTIVE']))], format);
    expect(found.get('shop_servers')?.samples).toEqual([
      { name: 'shop_servers', labels: { project: shown, status: 'ACTIVE' }, value: 7 },
    ]);
  });

  test('a help with quotes, backslashes and line feeds', () => {
    const help = 'Says "\\n"\nand ends.';
    const found = parsed([family(metric({ name: 'shop_x', help }), samples([1]))], format);
    expect(found.get('shop_x')?.help).toBe(help);
  });

  test('numbers are exact, and infinite ones have their names', () => {
    const numbers = [0, -1, 0.1, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, Infinity, -Infinity];
    const given = numbers.map((value, index) => ({ labels: [String(index), ''], value }));
    const found = parsed([family(servers, given)], format).get('shop_servers')?.samples;
    expect(found?.map(({ value }) => value)).toEqual(numbers);
  });

  test('whatever the labels are, what is read is what was shown, and no series is there twice', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('\uD800', '\\ud800', '"', '\n', '\\'),
    );
    const given = fc.array(fc.tuple(fc.double({ noNaN: true }), text, text), { minLength: 1 });
    fc.assert(
      fc.property(given, (all) => {
        const { families } = exposeFamilies([family(servers, samples(...all))], 1_000);
        const shown = families.get('shop_servers');
        // A contradiction may have left nothing.
        fc.pre(shown !== undefined);
        const found = parsed([family(servers, samples(...all))], format).get('shop_servers');
        expect(
          found?.samples.map(({ labels, value }) => [value, labels['project'], labels['status']]),
        ).toEqual(
          shown?.values.map((value, index) => [
            value === 0 ? 0 : value,
            ...(shown.labels[index] ?? []).map(labelValue),
          ]),
        );
      }),
    );
  });
});

test('the reader of these tests refuses what Prometheus refuses', () => {
  const head = '# HELP a x\n# TYPE a gauge\n';
  const wrong = [
    `${head}a 1\na 1\n`,
    `${head}a{b="c"} 1\na{b="c"} 2\n`,
    `${head}a{b="\\c"} 1\n`,
    `${head}a{b="c} 1\n`,
    `${head}a 1`,
    `${head}a one\n`,
    `${head}a 1\n# HELP b x\n# TYPE b gauge\nb 1\n# TYPE a gauge\n`,
    'a 1\n',
  ];
  for (const text of wrong) expect(() => parseExposition(text, 'prometheus'), text).toThrow(/line/);
  expect(() => parseExposition(`${head}a 1\n`, 'openmetrics')).toThrow('EOF');
});
