import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { httpProbe, type Probe, type ProbeAnswer } from '@groundcrew/monitoring';
import type { Namespace } from '@groundcrew/lab';

/** What is asked, by whom; sent once. */
interface Request {
  readonly url: string;
  readonly body: string;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface RemoteClient extends AsyncDisposable {
  readonly probe: Probe;
}

/** A client in a namespace of its own: a process there makes the requests, and tells each answer to the probe here. */
export async function clientIn(namespace: Namespace, request: Request): Promise<RemoteClient> {
  const [program, ...prefix] = namespace.prefix;
  const node = [
    process.execPath,
    '--conditions=@groundcrew/source',
    fileURLToPath(import.meta.url),
    'client',
  ];
  const child = spawn(program, [...prefix, ...node], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, (answer: ProbeAnswer) => void>();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let asked = 0;
  const ready = Promise.withResolvers<void>();
  child.once('exit', (code) => ready.reject(new Error(`the client ended with ${code}`)));
  child.on('message', (message: { readonly id: number; readonly answer: ProbeAnswer } | 'ready') => {
    if (message === 'ready') ready.resolve();
    else {
      waiting.get(message.id)?.(message.answer);
      waiting.delete(message.id);
    }
  });
  child.send(request);
  await ready.promise;
  return {
    probe: () =>
      new Promise((resolve) => {
        asked += 1;
        waiting.set(asked, resolve);
        child.send({ id: asked });
      }),
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await ended;
    },
  };
}

function serve(): void {
  let probe: Probe | undefined;
  let limit = 0;
  const heard = async (message: Request | { readonly id: number }): Promise<void> => {
    if ('url' in message) {
      limit = message.timeout;
      probe = httpProbe(message.url, {
        method: 'POST',
        body: message.body,
        headers: { 'content-type': 'application/json' },
        expect: (status) => status === 201,
      });
      process.send?.('ready');
      return;
    }
    const late = AbortSignal.timeout(limit);
    const answer = await probe?.(late).catch((error: unknown): ProbeAnswer => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return { ok: false, error: late.aborted ? `no answer within ${limit} ms` : code };
    });
    if (process.connected) process.send?.({ id: message.id, answer });
  };
  process.on('message', (message: Request | { readonly id: number }) => void heard(message));
  process.once('disconnect', () => process.exit());
}

if (process.argv[2] === 'client' && process.argv[1] === fileURLToPath(import.meta.url)) serve();
