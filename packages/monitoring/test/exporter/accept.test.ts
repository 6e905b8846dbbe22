import { expect, test } from 'vitest';
import { acceptedFormat } from '../../src/exporter/accept.ts';

test.each([
  // Prometheus 2.42 and 3.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'openmetrics',
  ],
  // A browser, curl, nobody.
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'prometheus'],
  ['*/*', 'prometheus'],
  ['', 'prometheus'],
  [undefined, 'prometheus'],
  [null, 'prometheus'],
  // Only the other version, or the older format preferred.
  ['application/openmetrics-text;version=0.0.1', 'prometheus'],
  ['application/openmetrics-text;q=0.4, text/plain;q=0.5', 'prometheus'],
  ['text/plain;version=0.0.4;q=0.5, application/openmetrics-text; version="1.0.0"; q=0.5', 'openmetrics'],
  ['APPLICATION/OpenMetrics-Text; Q=1', 'openmetrics'],
  // Refused by q=0.
  ['application/openmetrics-text;q=0, */*', 'prometheus'],
  ['application/openmetrics-text;q=0.0', 'prometheus'],
  ['text/plain;q=0, */*', 'openmetrics'],
  ['text/*;q=0, application/openmetrics-text', 'openmetrics'],
  ['text/plain;q=0, application/openmetrics-text;q=0', undefined],
  ['*/*;q=0', undefined],
  // Who names neither is no scraper that would be helped by an error.
  ['application/json', 'prometheus'],
  ['nonsense', 'prometheus'],
  ['application/openmetrics-text;q=many', 'openmetrics'],
  [';;;,,,q=', 'prometheus'],
])('%s', (accept, format) => {
  expect(acceptedFormat(accept)).toBe(format);
});

test('a header that never ends takes no time', () => {
  const start = process.cpuUsage();
  expect(acceptedFormat(`${'a/b;'.repeat(1_000_000)}q=0`)).toBe('prometheus');
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_000);
});
