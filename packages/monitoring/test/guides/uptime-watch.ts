// A block of docs/guides/uptime.md: uptime.test.ts compares them, and runs it.
import { connect } from '@groundcrew/core';
import { uptimeLedger, watchUptime } from '@groundcrew/monitoring/uptime';
import { sqliteUptime } from '@groundcrew/monitoring/uptime/sqlite';

await using cloud = connect({ cloud: 'prod' });
await using ledger = await uptimeLedger({ store: sqliteUptime('uptime.db') });
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const onRound = ({ servers, gaps }: { servers: number; gaps: readonly string[] }) => console.log(servers, gaps);
await watchUptime({ cloud, ledger, signal: stopping.signal, poll: '60s', onRound });
