/** Writes polls of one server, one append each, and prints the last that was kept. */
import { uptimeLedger } from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';
import { poll } from './evidence.ts';

const [file = '', name = ''] = process.argv.slice(2);
await using ledger = await uptimeLedger({ store: sqliteUptime(file) });
for (let minute = 0; minute <= 200; minute += 1) {
  await ledger.append([poll(name, minute)]);
  process.stdout.write(`${minute}\n`);
}
