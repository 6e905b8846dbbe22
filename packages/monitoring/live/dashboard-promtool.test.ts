// Each query of the dashboard is one that Prometheus can read: promtool takes it for the expression of a rule.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { grafanaDashboard } from '../src/dashboard.ts';
import { metricCollectors } from '../src/metrics.ts';
import { rulesYaml } from '../src/prometheus/rules-yaml.ts';
import { runPromtool } from './promtool.ts';

const checked = async (queries: readonly string[]) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dashboard-'));
  try {
    const rules = queries.map((expr, index) => ({
      kind: 'record' as const,
      name: `query_${index}`,
      // What Grafana puts in.
      expr: expr.replaceAll('$__rate_interval', '5m'),
      labels: {},
    }));
    const file = path.join(folder, 'rules.yml');
    await writeFile(file, rulesYaml([], [{ name: 'dashboard', rules }]));
    return await runPromtool(['check', 'rules', file]);
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('promtool reads every query, and no other text', async () => {
  const dashboard = grafanaDashboard({ collect: Object.values(metricCollectors).map(({ name }) => name) });
  const queries = dashboard.panels.flatMap((panel) =>
    panel.type === 'row' ? [] : panel.targets.map(({ expr }) => expr),
  );
  const { passed, output } = await checked(queries);
  expect(output).toContain(`SUCCESS: ${queries.length} rules found`);
  expect(passed).toBe(true);
  expect((await checked([...queries, 'topk(10, up'])).passed).toBe(false);
});
