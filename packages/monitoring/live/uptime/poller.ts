// A watch of the lab into a file, in a process of its own, until SIGTERM.
import { writeSync } from 'node:fs';
import { connect } from '@groundcrew/core';
import { uptimeLedger, watchUptime, type WatchUptimeOptions } from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';

/** What its parent gives it. */
export interface Poller extends Pick<WatchUptimeOptions, 'poll' | 'powerSync' | 'keep'> {
  readonly file: string;
  readonly cloud: string;
}

const { file, cloud: name, ...intervals } = JSON.parse(process.argv[2] ?? '') as Poller;
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
await using cloud = connect({ cloud: name, retries: 0 });
await using ledger = await uptimeLedger({ store: sqliteUptime(file) });
let rounds = 0;
await watchUptime({
  cloud,
  ledger,
  signal: stopping.signal,
  ...intervals,
  onRound: ({ at, gaps }) => writeSync(1, `round ${(rounds += 1)} of ${at} ${gaps.join(', ')}\n`),
});
