// A block of docs/guides/uptime.md: uptime.test.ts compares them, and runs it.
import { hostname } from 'node:os';
import { connect } from '@groundcrew/core';
import { uptimeLedger, watchUptime } from '@groundcrew/monitoring/uptime';
import { postgresUptime } from '@groundcrew/monitoring/uptime/postgres';
import { lead } from '@groundcrew/runbook';
import { postgresLease } from '@groundcrew/runbook/postgres';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: 'postgresql://uptime@db/uptime' });
await using cloud = connect({ cloud: 'prod' });
await using ledger = await uptimeLedger({ store: postgresUptime({ pool }) });
const stopping = new AbortController();
const { signal } = stopping;
const lease = postgresLease({ pool, name: 'uptime', ttl: '15s' });
await watchUptime({
  cloud,
  ledger,
  signal,
  keep: '3m',
  lead: (work) => lead(lease, work, { holder: `${hostname()} ${process.pid}`, signal }),
});
