// A block of docs/guides/uptime.md: uptime.test.ts compares them, and runs it.
import { connect } from '@groundcrew/core';
import { assess, observe } from '@groundcrew/monitoring';
import { uptimeLedger } from '@groundcrew/monitoring/uptime';
import { sqliteUptime } from '@groundcrew/monitoring/uptime/sqlite';

await using cloud = connect({ cloud: 'prod' });
await using ledger = await uptimeLedger({ store: sqliteUptime('uptime.db') });
const to = new Date();
const from = new Date(to.getTime() - 30 * 86_400_000);
const snapshot = await observe(cloud, { uptime: { ledger, of: 'server', from, to, target: 0.999 } });
for (const { id, verdict, title } of assess(snapshot))
  if (id === 'monitoring.uptime') console.log(verdict, title);
