/** Asks for one body several times, in a process of its own whose memory is then known: `bodies-client.ts URL NAME`. */
import { connect, isBodyLimitError, isDecodeError, isHttpError } from '../src/index.ts';
import { credentials } from '../test/scripted-cloud.ts';
import { median, peakMemory } from './measure.ts';

const [url = '', id = ''] = process.argv.slice(2);
const ROUNDS = 7;

const cloud = connect({ ...credentials(`${url}/v3`), retries: 0 });
const ask = async (key: string): Promise<number> => {
  // Of all threads: what decompresses is one of its own, and what waits for the server costs nothing.
  const before = process.cpuUsage();
  const caught = await cloud.compute.keypairs.get({ id: key }).catch((error: unknown) => error);
  // What is measured is what the server said: an error of arguments, or of a connection, would cost nothing.
  if (!isHttpError(caught) && !isDecodeError(caught) && !isBodyLimitError(caught)) {
    throw new Error(`${key}: no error of what was answered`, { cause: caught });
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

for (let round = 0; round < 20; round += 1) await ask('none');
const before = peakMemory();
const times: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) times.push(await ask(id));
const mebibytes = peakMemory() - before;
process.stdout.write(`${JSON.stringify({ milliseconds: median(times), mebibytes })}\n`);
process.exit(0);
