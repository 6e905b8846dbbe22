import { promqlDuration, quoted } from './promql.ts';

/** One rule of a group; what it has besides its expression is text, and that of labels and annotations is a template. */
export interface PrometheusRule {
  readonly kind: 'record' | 'alert';
  readonly name: string;
  /** May have several lines. */
  readonly expr: string;
  /** How long an alert's expression must hold before it fires. @default 0 */
  readonly forMs?: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly PrometheusRule[];
}

/**
 * A file of rules for Prometheus, as YAML.
 *
 * @param comment - lines that stand above it
 * @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
 */
export const rulesYaml = (comment: readonly string[], groups: readonly RuleGroup[]): string =>
  [
    ...comment.map((line) => `# ${line}`),
    'groups:',
    ...groups.flatMap(({ name, rules }) => [
      `  - name: ${quoted(name)}`,
      '    rules:',
      ...rules.flatMap((rule) => linesOf(rule)),
    ]),
    '',
  ].join('\n');

/**
 * A text that is shown as it is where Prometheus expects a template: in the labels and annotations of an alert.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/
 */
export const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

function linesOf({ kind, name, expr, forMs = 0, labels, annotations }: PrometheusRule): string[] {
  return [
    `      - ${kind}: ${name}`,
    '        expr: |-',
    ...expr.split('\n').map((line) => `          ${line}`),
    ...(forMs === 0 ? [] : [`        for: ${promqlDuration(forMs)}`]),
    ...(Object.keys(labels).length === 0 ? [] : mapping('labels', labels)),
    ...(annotations === undefined ? [] : mapping('annotations', annotations)),
  ];
}

const mapping = (key: string, entries: Readonly<Record<string, string>>): string[] => [
  `        ${key}:`,
  ...Object.entries(entries).map(([label, value]) => `          ${label}: ${quoted(value)}`),
];
