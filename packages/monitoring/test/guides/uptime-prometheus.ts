// A block of docs/guides/uptime.md: uptime.test.ts compares them, and runs it.
import { prometheus } from '@groundcrew/monitoring/prometheus';
import { openstackExporterServers, prometheusEvidence, uptimeLedger } from '@groundcrew/monitoring/uptime';
import { sqliteUptime } from '@groundcrew/monitoring/uptime/sqlite';

await using prom = prometheus('http://prom:9090');
await using ledger = await uptimeLedger({ store: sqliteUptime('uptime.db') });
const days = ['2026-11-21', '2026-11-22', '2026-11-23'];
for (const day of days) {
  const from = Date.parse(`${day}T00:00:00Z`);
  const time = { from, to: from + 86_400_000, step: '1m' } as const;
  const servers = await prometheusEvidence({ prometheus: prom, ...openstackExporterServers, ...time });
  const endpoints = await prometheusEvidence({
    prometheus: prom,
    selector: 'probe_success{job="api"}',
    subject: ({ instance }) => (instance === undefined ? undefined : { endpoint: instance }),
    state: (value) => (value === 1 ? 'up' : 'down'),
    ...time,
  });
  for (const { value, completeness } of [servers, endpoints])
    console.log(day, completeness, (await ledger.append(value)).added);
}
