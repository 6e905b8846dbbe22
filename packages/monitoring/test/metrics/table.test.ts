import { expect, test } from 'vitest';
import { type Collector, type Metric, metricCollectors, type MetricSource } from '../../src/metrics.ts';
import { isDetails } from '../../src/metrics/metric-list.ts';

// `pnpm vitest run -u` of this file writes the page.
test('metrics.md is what the declarations say', async () => {
  await expect(page(Object.values(metricCollectors))).toMatchFileSnapshot('../../metrics.md');
});

test("every name with openstack-exporter's prefix says how it compares, and no other one claims to be equal", () => {
  const metrics = Object.values(metricCollectors).flatMap((each) => each.metrics.map(({ metric }) => metric));
  const isTheirs = ({ name }: Metric): boolean => name.startsWith('openstack_');
  expect(metrics.filter((each) => isTheirs(each) && each.peer?.name !== each.name)).toEqual([]);
  const claims = metrics.filter((each) => !isTheirs(each) && each.peer !== undefined && !each.peer.differs);
  expect(claims).toEqual([]);
});

function page(collectors: readonly Collector[]): string {
  const metrics = collectors.flatMap((each) => each.metrics.map(({ metric }) => metric));
  const equal = metrics.filter(({ peer }) => peer !== undefined && peer.differs === undefined);
  return `# Metrics

${metrics.length} metrics of ${collectors.length} collectors; ${equal.length} mean the same as openstack-exporter's of that name, and of the others that it has, too, the last column says
the difference. Labels in parentheses make a series for each thing: such a metric is given only where \`ids\` asks for it. A total is absent
unless its lists were read to their end. A test writes this page from the declarations.

${collectors.map(section).join('\n')}`;
}

const section = ({ name, help, lists, with: beside, metrics }: Collector): string => `## ${name}

${help} ${callsOf([...lists, ...Object.values(beside)])}

| metric | labels | value | beside openstack-exporter |
| --- | --- | --- | --- |
${metrics.map(({ metric }) => row(metric)).join('\n')}
`;

function callsOf(lists: readonly MetricSource[]): string {
  const words = lists.flatMap((list) => {
    if (isDetails(list))
      return [`${list.what}, ${list.callsEach ?? 1} for each of the ${list.of.what}`, once(list.of)];
    return list.doubt === undefined ? [once(list)] : [once(list), once(list.doubt.list)];
  });
  return `Calls: ${words.join('; ')}.`;
}

const once = ({ what, pageSize }: Exclude<MetricSource, { callsEach?: unknown; of: unknown }>): string =>
  pageSize === undefined ? `${what}, 1` : `${what}, 1 a page of ${pageSize}`;

const row = ({ name, labels, ids, help, peer }: Metric): string =>
  `| \`${name}\` | ${labels.map((label) => (ids.includes(label) ? `(${label})` : label)).join(', ')} | ${help} | ${besidePeer(name, peer)} |`;

function besidePeer(name: string, peer: Metric['peer']): string {
  if (peer === undefined) return '';
  if (peer.differs === undefined) return 'the same';
  return peer.name === name ? peer.differs : `\`${peer.name}\`: ${peer.differs}`;
}
