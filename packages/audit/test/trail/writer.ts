import { openTrail, sqliteStore } from '../../src/trail.ts';
import { eventOf } from './events.ts';

// Appends until it is killed, and says after each append up to where all is safe.
const [file = '', from = '0'] = process.argv.slice(2);
await using trail = await openTrail({ store: sqliteStore(file) });
for (let next = Number(from) + 1; ; next += 30) {
  const batch = Array.from({ length: 30 }, (_, index) => eventOf(`event-${next + index}`));
  await trail.append(batch);
  process.stdout.write(`${next + 29}\n`);
}
