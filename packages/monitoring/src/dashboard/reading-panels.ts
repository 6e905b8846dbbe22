import { ownMetrics } from '../exporter/own-metrics.ts';
import type { Collector } from '../metrics/collector.ts';
import type { DeclaredSeries } from '../metrics/declared-series.ts';
import type { Matcher } from '../prometheus/promql.ts';
import { DATASOURCE, lines, target, type Unplaced } from './panels.ts';

/** What there is to know of the reading itself, before a figure is believed. */
export function readingPanels(series: DeclaredSeries, collectors: readonly Collector[]): Unplaced[] {
  const { complete, age, gapsByKind, readings, roundDuration, roundCalls, folded, refused } = ownMetrics;
  const these: Matcher = ['collector', '=~', collectors.map(({ name }) => name).join('|')];
  return [
    {
      type: 'state-timeline',
      title: 'Whether each collector saw everything',
      description:
        'A collector that is not here at all is not collected, has no service in this cloud, or its exporter does not answer.',
      datasource: DATASOURCE,
      targets: [target('A', series.of(complete, these), '{{collector}}')],
      fieldConfig: {
        defaults: {
          color: { mode: 'thresholds' },
          custom: { fillOpacity: 70, lineWidth: 0, spanNulls: false },
          mappings: [
            {
              type: 'value',
              options: {
                0: { text: 'not everything', color: 'red', index: 0 },
                1: { text: 'everything', color: 'green', index: 1 },
              },
            },
          ],
          thresholds: {
            mode: 'absolute',
            steps: [
              { color: 'red', value: null },
              { color: 'green', value: 1 },
            ],
          },
        },
        overrides: [],
      },
      options: { mergeValues: true, rowHeight: 0.9, showValue: 'never' },
    },
    lines(
      'What is missing, and why',
      'The reasons in words are told by onRound of the exporter.',
      [
        target(
          'A',
          `sum by (collector, what, kind) (${series.of(gapsByKind, these)})`,
          '{{collector}}: {{what}} ({{kind}})',
        ),
      ],
      'short',
    ),
    lines(
      'How old the figures are',
      'No figure of a collector is older than this.',
      [target('A', series.of(age, these), '{{collector}}')],
      's',
    ),
    lines(
      'Readings of the cloud',
      'One that failed has left the older figures.',
      [target('A', `increase(${series.of(readings)}[$__rate_interval])`, '{{result}}')],
      'short',
    ),
    lines(
      'What a reading costs',
      'Requests, the token and version documents included, and the time that the reading takes.',
      [target('A', series.of(roundCalls), 'requests'), target('B', series.of(roundDuration), 'time')],
      'short',
      [{ matcher: { id: 'byFrameRefID', options: 'B' }, properties: [{ id: 'unit', value: 's' }] }],
    ),
    lines(
      'Series that are not shown as they came',
      'Beyond the cap of their metric they are in one sum; two values of one series are both left out.',
      [
        target('A', series.of(folded), '{{metric}}: beyond the cap'),
        target('B', series.of(refused), '{{metric}}: {{why}}'),
      ],
      'short',
    ),
  ];
}
