import { createPrivateKey } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { postgresStore } from '../../src/postgres.ts';
import { ed25519Signer, fileAnchors, openTrail, sqliteStore } from '../../src/trail.ts';
import { eventOf } from './events.ts';

// One of several processes that write, sign, redact and retire the same trail at the same time; says which round is over.
const { values } = parseArgs({
  options: {
    name: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '0' },
    pem: { type: 'string', default: '' },
    anchors: { type: 'string', default: '' },
    file: { type: 'string' },
    url: { type: 'string' },
    schema: { type: 'string' },
    /** `ROUND:CALL`: it kills itself before that call of the store, counted from the beginning of that round. */
    dies: { type: 'string' },
  },
});
const { name, from, rounds, pem, anchors, file, url, schema, dies = '' } = values;
const [diesIn = -1, diesAt = 0] = dies.split(':').map(Number);
const pool = url === undefined ? undefined : new pg.Pool({ connectionString: url, max: 2 });
const store = pool === undefined ? sqliteStore(file ?? '') : postgresStore({ pool, schema });
let round = Number(from);
let calls = 0;
const mortal = new Proxy(store, {
  get: (target, method) => {
    const value: unknown = Reflect.get(target, method);
    if (typeof value !== 'function') return value;
    return (...given: readonly unknown[]): unknown => {
      if (round >= diesIn && dies !== '' && (calls += 1) === diesAt) process.kill(process.pid, 'SIGKILL');
      return Reflect.apply(value, target, given);
    };
  },
});
const trail = await openTrail({ store: mortal, signer: ed25519Signer(createPrivateKey(pem)) });
const kept = fileAnchors(anchors);
const warrant = { by: name, reason: 'a test' };

for (; round < Number(rounds); round += 1) {
  const id = `${name}-${round}`;
  await trail.append([eventOf(`${id}-a`, { who: { user_id: id } }), eventOf(`${id}-b`)]);
  const checkpoint = await trail.checkpoint();
  if (checkpoint !== undefined) await kept.keep(checkpoint);
  if (round % 7 === 3) await trail.redact({ where: { by: { user_id: id } }, parts: ['person'], ...warrant });
  if (round % 25 === 20) await trail.retire({ before: new Date().toISOString(), ...warrant });
  process.stdout.write(`${round}\n`);
}
await trail.close();
await pool?.end();
