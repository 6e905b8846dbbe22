/** The simulated cloud on a socket, for any client in any language: `npx @groundcrew/sim`, or `pnpm sim` in a clone. */
import { readFileSync } from 'node:fs';
import { readConversation } from '@groundcrew/core/conversation';
import {
  type CommandLineEnd,
  type ProgramManifest,
  readCommandLine,
  wrongCall,
} from '@groundcrew/ground/command-line';
import { messageOf } from '@groundcrew/ground';
import { virtualClock } from './clock.ts';
import { simulateCloud } from './cloud.ts';
import { releases } from './releases.ts';
import { scenarios, type ScenarioName } from './scenarios/all.ts';

/** Only a clone runs the source. */
const program = import.meta.filename.endsWith('.ts') ? 'pnpm sim' : 'npx @groundcrew/sim';
const declared = (version: string) =>
  ({
    usage: `usage: ${program} --port N [--release NAME] [--scenario NAME] [--conversation FILE]
       [--logs FOLDER] [--speed N] [--seed N] [--password TEXT]

  --port      TCP port on 127.0.0.1; 0 takes any that is free
  --release   ${releases.map((release) => release.name).join(', ')}, or a number such as 2025.1   (zed)
  --scenario  ${Object.keys(scenarios).join(', ')}   (small)
  --conversation
              a recording of a real cloud, which answers; 501 to what was not recorded
  --logs      the services' own logs are written into this folder, once a second; what was there stays, and is added to
  --speed     how many times as fast as yours its time goes   (1)
  --seed      the same seed makes the same cloud   (1)
  --password  of all its users   (secret-of-sim)
  --help, --version

It prints the \`export OS_…\` lines that reach it, and runs until it is interrupted. Exit code: 1 it cannot listen on the port, or
write into the folder; 2 the flags are wrong.
`,
    version,
    options: {
      port: { type: 'string' },
      release: { type: 'string', default: 'zed' },
      scenario: { type: 'string', default: 'small' },
      conversation: { type: 'string' },
      logs: { type: 'string' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      password: { type: 'string' },
    },
  }) as const;

function optionsOf(args: readonly string[], version: string) {
  const line = readCommandLine(args, declared(version));
  if (line.kind === 'end') return line;
  const { values } = line;
  const whole = (name: 'port' | 'seed'): number => {
    const text = values[name];
    if (text === undefined || !/^\d+$/.test(text)) throw new TypeError(`--${name} takes a whole number`);
    return Number(text);
  };
  const speed = Number(values.speed);
  if (!(speed > 0)) throw new TypeError('--speed takes a number above 0');
  if (whole('port') > 65_535) throw new TypeError('--port takes a number up to 65535');
  if (!Object.hasOwn(scenarios, values.scenario)) throw new TypeError(`no such scenario: ${values.scenario}`);
  const { release, password, conversation, logs } = values;
  if (logs === '') throw new TypeError('--logs takes a folder');
  return {
    kind: 'simulate' as const,
    port: whole('port'),
    speed,
    logs,
    cloud: {
      logs: logs !== undefined,
      release,
      seed: whole('seed'),
      scenario: values.scenario as ScenarioName,
      password,
      conversation:
        conversation === undefined ? undefined : readConversation(readFileSync(conversation, 'utf8')),
    },
  };
}

function end({ stream, text, code }: CommandLineEnd): number {
  process[stream].write(text);
  return code;
}

/** Starts the cloud, which runs until it is interrupted: the exit code. */
export async function main(args: readonly string[], { version }: ProgramManifest): Promise<number> {
  let options: Exclude<ReturnType<typeof optionsOf>, CommandLineEnd>;
  let cloud: ReturnType<typeof simulateCloud>;
  try {
    const read = optionsOf(args, version);
    if (read.kind === 'end') return end(read);
    options = read;
    // Clients compare the expiry of tokens with their own clock: the cloud begins now.
    cloud = simulateCloud({ ...options.cloud, clock: virtualClock(Date.now()) });
  } catch (error) {
    return end(wrongCall(declared(version), messageOf(error)));
  }
  let logs: KeptLogs | undefined;
  try {
    if (options.logs !== undefined) logs = await keepLogs(cloud, options.logs);
  } catch (error) {
    return failed(`cannot write logs into ${options.logs}`, error);
  }
  try {
    const { env } = await cloud.listen({ port: options.port, speed: options.speed });
    const close = (): void => void Promise.all([cloud.close(), logs?.end()]);
    process.once('SIGINT', close);
    process.once('SIGTERM', close);
    // In one piece: a reader that has what it wants may close the pipe, and a second write would end the cloud.
    const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}\n`);
    process.stdout.write(lines.join(''));
  } catch (error) {
    await logs?.end();
    return failed(`cannot listen on port ${options.port}`, error);
  }
  return 0;
}

function failed(what: string, error: unknown): number {
  process.stderr.write(`${what}: ${messageOf(error)}\n`);
  return 1;
}

interface KeptLogs {
  /** Writes what is left. */
  end(): Promise<void>;
}

/** Writes what the services say into a folder, once a second and at the end. @throws what the folder answers at first */
async function keepLogs(cloud: ReturnType<typeof simulateCloud>, folder: string): Promise<KeptLogs> {
  const write = async (): Promise<void> => {
    try {
      await cloud.logs.writeTo(folder);
    } catch (error) {
      // A disk that is full for a while: what was not written is, the next time.
      failed(folder, error);
    }
  };
  await cloud.logs.writeTo(folder);
  const timer = setInterval(() => void write(), 1_000);
  return {
    end: async () => {
      clearInterval(timer);
      await write();
    },
  };
}

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
