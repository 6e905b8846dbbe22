import { messageOf } from '@groundcrew/ground';
import { parseArgs } from 'node:util';
import { virtualClock } from './clock.ts';
import { simulateCloud } from './cloud.ts';
import { releases } from './releases.ts';
import { scenarios, type ScenarioName } from './scenarios/all.ts';

const USAGE = `usage: pnpm sim --port N [--release NAME] [--scenario NAME] [--speed N] [--seed N] [--password TEXT]

  --port      TCP port on 127.0.0.1; 0 takes any that is free
  --release   ${releases.map((one) => one.name).join(', ')}, or a number such as 2025.1   (zed)
  --scenario  ${Object.keys(scenarios).join(', ')}   (small)
  --speed     how many times as fast as yours its time goes   (1)
  --seed      the same seed makes the same cloud   (1)
  --password  of all its users   (secret-of-sim)
`;

function optionsOf(args: string[]) {
  const { values } = parseArgs({
    args,
    strict: true,
    options: {
      port: { type: 'string' },
      release: { type: 'string', default: 'zed' },
      scenario: { type: 'string', default: 'small' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      password: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const whole = (name: 'port' | 'seed'): number => {
    const text = values[name];
    if (text === undefined || !/^\d+$/.test(text)) throw new TypeError(`--${name} takes a whole number`);
    return Number(text);
  };
  const speed = Number(values.speed);
  if (!(speed > 0)) throw new TypeError('--speed takes a number above 0');
  if (whole('port') > 65_535) throw new TypeError('--port takes a number up to 65535');
  if (!(values.scenario in scenarios)) throw new TypeError(`no such scenario: ${values.scenario}`);
  const { release, password } = values;
  return {
    port: whole('port'),
    speed,
    cloud: { release, seed: whole('seed'), scenario: values.scenario as ScenarioName, password },
  };
}

async function main(): Promise<void> {
  let options: ReturnType<typeof optionsOf>;
  let cloud: ReturnType<typeof simulateCloud>;
  try {
    options = optionsOf(process.argv.slice(2));
    if (options === undefined) {
      process.stdout.write(USAGE);
      return;
    }
    // Clients compare the expiry of tokens with their own clock: the cloud begins now.
    cloud = simulateCloud({ ...options.cloud, clock: virtualClock(Date.now()) });
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  try {
    const { env } = await cloud.listen({ port: options.port, speed: options.speed });
    for (const [name, value] of Object.entries(env)) process.stdout.write(`export ${name}=${quote(value)}\n`);
  } catch (error) {
    process.stderr.write(`cannot listen on port ${options.port}: ${messageOf(error)}\n`);
    process.exitCode = 1;
    return;
  }
  const end = (): void => void cloud.close();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

await main();
