// A component of your own is observed, judged and guarded as those of the package are.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { assessStack, catalogue, defineComponent, observeStack, unsafeNow } from '@groundcrew/ha/stack';
import { z } from 'zod';

/** What Redis answers to `ROLE`, one line each: `*3`, `$6`, `master`, … */
async function ask(port: number, signal: AbortSignal): Promise<string[]> {
  const socket = connect({ host: '127.0.0.1', port, signal });
  socket.end('ROLE\r\nQUIT\r\n');
  return (await text(socket)).split('\r\n');
}

const redis = defineComponent({
  name: 'redis',
  title: 'Redis',
  mode: 'active-passive',
  state: 'replicated',
  stops: 'jobs of Octavia wait',
  wanted: 2,
  target: z.strictObject({ name: z.string(), port: z.int().default(6379) }),
  source: ({ name }) => `redis ${name}`,
  observe: async ({ name, port }, { signal }) => ({ name, role: (await ask(port, signal))[2] ?? 'none' }),
  sign: 'answers',
  replica: ({ name, role }) => ({ at: name, works: role === 'master' || role === 'slave' }),
  unsafe: [
    {
      id: 'redis.master',
      moves: ['stop', 'restart'],
      when: 'it is the master',
      why: 'nothing can be written until another one is promoted',
      source: { kind: 'upstream', where: 'Redis, high availability with Sentinel' },
      refuses: (seen) =>
        seen.flatMap(({ value }) =>
          value?.role === 'master'
            ? [{ code: 'redis.master', reason: `${value.name} is the master`, remedy: 'Fail over first.' }]
            : [],
        ),
    },
  ],
});

// Two that answer, and a port at which nobody listens.
const servers = ['master', 'slave'].map((role) =>
  createServer((socket) => socket.end(`*3\r\n$${role.length}\r\n${role}\r\n`)).listen(0, '127.0.0.1'),
);
await Promise.all(servers.map((server) => once(server, 'listening')));
const [first, second] = servers.map((server) => (server.address() as AddressInfo).port);

const mine = { ...catalogue, redis };
const snapshot = await observeStack(
  {
    redis: [
      { name: 'redis-1', port: first },
      { name: 'redis-2', port: second },
      { name: 'redis-3', port: 1 },
    ],
  },
  { catalogue: mine, timeout: '2s' },
);
for (const server of servers) server.close();

// The answers have their types: `role` is a string, and a typo would not compile.
console.log(snapshot.redis.map(({ value }) => value?.role ?? 'not seen').join(', '));
for (const { verdict, title, subject } of assessStack(snapshot, { catalogue: mine }))
  if (subject.id.startsWith('redis')) console.log(verdict, title);
for (const { rule, reason } of unsafeNow('redis', snapshot, { catalogue: mine, move: 'restart' }))
  console.log(`${rule}: ${reason}`);
