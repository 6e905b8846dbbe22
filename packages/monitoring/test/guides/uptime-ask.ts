// A block of docs/guides/uptime.md: uptime.test.ts compares them, and runs it.
import { uptimeLedger } from '@groundcrew/monitoring/uptime';
import { sqliteUptime } from '@groundcrew/monitoring/uptime/sqlite';

await using ledger = await uptimeLedger({ store: sqliteUptime('uptime.db') });
const to = new Date();
const from = new Date(to.getTime() - 30 * 86_400_000);
for (const row of await ledger.report({ from, to, of: 'project', target: 0.999 }))
  console.log(row.name, row.subjects, row.availability, row.verdict); // met, breached, or unknown
const [server] = await ledger.subjects('server');
if (server !== undefined) {
  const { intervals } = await ledger.of({ server: server.name }, { from, to });
  for (const { state, durationMs, because } of intervals) console.log(state, durationMs, because);
}
