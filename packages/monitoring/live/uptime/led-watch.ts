// A watch that leads or follows, in a process of its own. Its clock stands still: each line of its standard input is a time,
// in milliseconds since 1970, to which it moves.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { connect, type ConnectOptions } from '@groundcrew/core';
import { lead } from '@groundcrew/runbook';
import { postgresLease } from '@groundcrew/runbook/postgres';
import { virtualClock } from '@groundcrew/sim';
import pg from 'pg';
import { uptimeLedger, watchUptime } from '../../src/uptime.ts';
import { postgresUptime } from '../../src/uptime/postgres.ts';

/** What its parent gives it. */
export interface LedWatch {
  readonly database: string;
  readonly schema: string;
  readonly connectOptions: ConnectOptions;
  readonly now: number;
  readonly keep: `${number}m`;
}

const { database, schema, connectOptions, now, keep } = JSON.parse(process.argv[2] ?? '') as LedWatch;
const say = (text: string): void => void writeSync(1, `${text}\n`);
const stopping = new AbortController();
const { signal } = stopping;
const clock = virtualClock(now, { mode: 'hand' });
const told = createInterface({ input: process.stdin });
told.on('line', (time) => void clock.advance(Number(time) - clock.now()));
process.once('SIGTERM', () => {
  stopping.abort();
  told.close();
});

const pool = new pg.Pool({ connectionString: database, max: 4 });
{
  await using cloud = connect({ ...connectOptions, clock, retries: 0 });
  await using ledger = await uptimeLedger({ store: postgresUptime({ pool, schema }) });
  await watchUptime({
    cloud,
    ledger,
    signal,
    poll: '60s',
    powerSync: '2m',
    keep,
    lead: (work) =>
      lead(
        postgresLease({ pool, name: 'uptime', ttl: '2s' }),
        (term) => {
          say(`leads ${term.token}`);
          return work(term);
        },
        { holder: `pid ${process.pid}`, signal, retryEvery: '100ms', waiting: ({ code }) => say(code) },
      ),
    onRound: ({ at, gaps }) => say(`round ${at} ${gaps.join(', ')}`),
  });
}
await pool.end();
