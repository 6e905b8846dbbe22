import { simulateCloud, status } from '@groundcrew/sim';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectMetrics, metric } from '../../src/metrics.ts';
import { monitoringPage } from '../../src/page.ts';
import type { UptimeReportRow } from '../../src/uptime.ts';
import { family, gap, report, roundOf, samples, servers, uptime } from '../exporter/rounds.ts';
import { client } from '../metrics/clouds.ts';

const HOUR = 3_600_000;

const row = (name: string, more: Partial<UptimeReportRow> = {}): UptimeReportRow => ({
  name,
  project: 'p',
  subjects: 1,
  durations: { upMs: 90 * HOUR, downMs: 5 * HOUR, unknownMs: 5 * HOUR, excludedMs: 0 },
  availability: { lower: 0.9, upper: 0.95 },
  verdict: 'breached',
  ...more,
});

const tagsOf = (page: string): string[] => [...page.matchAll(/<\/?[a-z]\w*/gi)].map(([tag]) => tag);
const textOf = (page: string): string =>
  page
    .replace(/<style>[^]*<\/style>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
const widthsOf = (page: string): number[] =>
  [...page.matchAll(/<rect class="bar"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

test('a site with a list that failed: figures, and what was not seen', async () => {
  const simulated = simulateCloud({ scenario: 'site' });
  simulated.fault({ match: { operation: 'volumes.list' }, reply: status(403) });
  const round = await collectMetrics(client(simulated, { retries: 0 }), {
    collect: ['servers', 'volumes', 'pools'],
    ids: ['servers'],
  });
  const text = textOf(monitoringPage({ round, title: 'prod' }));
  expect(text).toContain('2 of 3 collectors saw everything');
  expect(text).toMatch(
    /servers complete Servers of all projects, in whatever state\. openstack_nova_total_vms 148/,
  );
  expect(text).toMatch(/volumes denied Not everything was seen: what is not here is not 0\. volumes: /);
  expect(text).not.toContain('openstack_cinder_volumes');
  // Series of single things would make it too long.
  expect(text).not.toContain('groundcrew_nova_server_info');
});

describe('bars', () => {
  const share = metric({ name: 'shop_free_ratio', help: 'Free.', unit: 'ratio', labels: ['pool'] });

  test('are as long as their values, the greatest first, and the rest is counted', () => {
    const many = Array.from({ length: 30 }, (_, index): [number, string, string] => [
      index,
      `p${index}`,
      'x',
    ]);
    const page = monitoringPage({ round: roundOf([family(servers, samples(...many))]) });
    const widths = widthsOf(page);
    expect(widths).toHaveLength(12);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect((widths[1] ?? 0) / (widths[0] ?? 0)).toBeCloseTo(28 / 29, 3);
    expect(textOf(page)).toContain('and 18 smaller ones');
    expect(textOf(page)).toContain('p29 · x 29 p28 · x 28');
  });

  test('of shares are shares of 1', () => {
    const page = monitoringPage({ round: roundOf([family(share, samples([0.25, 'a'], [0.5, 'b']))]) });
    const [half = 0, quarter = 0] = widthsOf(page);
    expect(half / quarter).toBeCloseTo(2, 2);
    expect(half).toBeLessThan(200);
    expect(textOf(page)).toContain('25.0 %');
  });

  test('of nothing but zeros have no length, and sizes are in their own words', () => {
    const size = metric({ name: 'shop_size_bytes', help: 'Size.', unit: 'bytes', labels: ['pool'] });
    const round = roundOf([family(size, samples([0, 'a'])), family(share, samples([0, 'a']))]);
    const page = monitoringPage({ round });
    expect(widthsOf(page)).toEqual([0, 0]);
    expect(textOf(page)).toContain('0 bytes');
    const large = monitoringPage({ round: roundOf([family(size, samples([3 * 2 ** 40, 'a']))]) });
    expect(textOf(large)).toContain('3 TiB');
  });
});

describe('uptime', () => {
  test('has both bounds, cut off and not rounded, the lowest first', () => {
    const rows = [
      row('fine', { availability: { lower: 0.999_999_6, upper: 0.999_999_6 }, verdict: 'met' }),
      row('bad'),
      row('new', { availability: undefined, verdict: undefined }),
    ];
    const text = textOf(monitoringPage({ uptime: rows }));
    expect(text).toContain('90.000 % to 95.000 %');
    expect(text).toContain('99.999 % met');
    expect(text).not.toContain('100.000 %');
    expect(text).toContain('none: all of it is maintenance');
    expect(text.indexOf('bad')).toBeLessThan(text.indexOf('fine'));
    expect(text.indexOf('fine')).toBeLessThan(text.indexOf('new'));
  });

  test('the parts of a bar are its whole, what nobody saw among them', () => {
    const page = monitoringPage({ uptime: [row('a')] });
    const parts = [
      ...page.replaceAll(/\s+/g, ' ').matchAll(/<rect class="(\w+)" x="([\d.]+)" y="0" width="([\d.]+)"/g),
    ];
    expect(parts.map(([, kind, x, width]) => [kind, Number(x), Number(width)])).toEqual([
      ['pass', 0, 180],
      ['fail', 180, 10],
      ['unknown', 190, 10],
    ]);
    expect(page).toContain('aria-label="up 90.0 %, down 5.0 %, not known 5.0 %, maintenance 0.0 %"');
  });

  test('of ten thousand two hundred are shown, and the others counted', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => row(`vm-${index}`));
    const page = monitoringPage({ uptime: rows });
    expect(page.match(/<svg class="stacked"/g)).toHaveLength(200);
    expect(textOf(page)).toContain('and 9800 with a higher availability');
  });
});

describe("other people's text", () => {
  const pageWith = (name: string): string =>
    monitoringPage({
      round: roundOf(
        [family(servers, samples([1, name, 'ACTIVE'])), family(uptime, samples([1, name, name]))],
        {
          collectors: [report('servers', { completeness: 'partial', gaps: [gap(name, name)] })],
        },
      ),
      uptime: [row(name)],
    });

  test('is text, whatever it is', () => {
    const plain = tagsOf(pageWith('plain'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(
            '<script>alert(1)</script>',
            '"><img src=x onerror=alert(1)>',
            "'/><style>*{}</style>",
            '</text></svg><a href="javascript:alert(1)">x</a>',
            '<!--',
            ']]>',
            '&lt;script&gt;',
          ),
          fc.string({ unit: 'binary' }),
        ),
        (name) => {
          const page = pageWith(name);
          expect(tagsOf(page)).toEqual(plain);
          // oxlint-disable-next-line no-control-regex -- that there is none is what is tested
          expect(page).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u202E]/);
          expect(page.isWellFormed()).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('does nothing: no script, no style of an element, nothing from elsewhere, and a policy that says so', () => {
    const page = pageWith('x');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<img|<link|<iframe|\sstyle=|\son\w+=|https?:|url\(/i);
    expect(page.match(/<style>/g)).toHaveLength(1);
  });

  test('a gap shows no secret', () => {
    const page = pageWith('401 from https://admin:hunter2@nova/v2.1');
    expect(textOf(page)).toContain('401 from https://***@nova');
    expect(page.match(/<li>[^<]*hunter2/)).toBeNull();
  });
});

test.each([
  [{}, 'round'],
  [{ round: {} }, 'round'],
  [{ uptime: [{}] }, 'uptime.0'],
  [{ uptime: [], title: 'a\nb' }, 'title'],
  [{ uptime: [], scripts: true }, 'scripts'],
])('%j is refused by its field', (options, field) => {
  expect(() => monitoringPage(options as never)).toThrow(expect.objectContaining({ code: 'input', field }));
});
