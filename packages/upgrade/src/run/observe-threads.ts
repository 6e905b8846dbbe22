import {
  aClock,
  anObjectWith,
  aSignal,
  type Clock,
  type Gap,
  messageOf,
  type Observed,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { THREADS_VARIABLE } from './restart-or-signal.ts';
import { recipeOf } from './recipes.ts';
import { topologySchema, type TopologyHost, type UpgradeTopology } from './topology.ts';

export interface ObserveThreadsOptions {
  /** Named as in the topology. */
  readonly hosts: readonly Pick<Host, 'name' | 'run'>[];
  /** The unit of a component: `{ 'nova-compute': 'openstack-nova-compute' }`. @default its name */
  readonly units?: { readonly [component: string]: string } | undefined;
  /** Whether root is reached by `sudo -n`: the environment of a process is its own user's to read. @default true */
  readonly sudo?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

const threadsOptions = optionsSchema<ObserveThreadsOptions>({
  hosts: z.array(anObjectWith<Pick<Host, 'name' | 'run'>>('a Host', 'name', 'run')),
  units: z.record(z.string(), z.string().min(1)).optional(),
  sudo: z.boolean().optional(),
  signal: aSignal.optional(),
  clock: aClock.optional(),
});

const topologyArgument = z.object({ topology: topologySchema });

/** What nova/monkey_patch.py takes for yes, in any case. */
const YES = /^(?:1|true|yes)$/i;

/**
 * Reads which of Nova's services `OS_NOVA_DISABLE_EVENTLET_PATCHING` gives native threads: from the environment of the process that runs,
 * of its unit, and of the files that the unit names. Any of them counts, as a restart is right for both. Told is the topology with
 * `threads` of each host; a host of which it could not be read is left without, and is a gap. It changes nothing.
 *
 * Not read: what a script sets before it starts a service that does not run, and what is set within a container.
 *
 * @throws InputError naming the field; the signal's reason
 * @example
 * const { value, gaps } = await observeThreads(topology, { hosts });
 * const planned = planUpgrade(hop, { topology: value, now, proof });
 */
export async function observeThreads(
  topology: UpgradeTopology,
  options: ObserveThreadsOptions,
): Promise<Observed<UpgradeTopology>> {
  parseArguments('observeThreads', topologyArgument, { topology });
  parseArguments('observeThreads', threadsOptions, options);
  const { signal, clock = systemClock } = options;
  const at = new Date(clock.now()).toISOString();
  const gaps: Gap[] = [];
  const hosts: TopologyHost[] = [];
  for (const host of topology.hosts) {
    signal?.throwIfAborted();
    try {
      hosts.push({ ...host, threads: await threadsOn(host, options) });
    } catch (error) {
      signal?.throwIfAborted();
      gaps.push(gapOf(host.name, messageOf(error)));
      hosts.push({ name: host.name, runs: host.runs });
    }
  }
  const completeness =
    gaps.length === 0 ? 'complete' : gaps.length < topology.hosts.length ? 'partial' : 'failed';
  return { value: { ...topology, hosts }, at, source: 'systemd and /proc', completeness, gaps };
}

async function threadsOn({ name, runs }: TopologyHost, options: ObserveThreadsOptions): Promise<string[]> {
  const asked = runs.filter(
    (component) => recipeOf(component)?.restartToRefresh[component]?.byEnvironmentFrom !== undefined,
  );
  if (asked.length === 0) return [];
  const host = options.hosts.find((one) => one.name === name);
  if (host === undefined) throw new RangeError('no host of that name was given');
  const threads: string[] = [];
  for (const component of asked)
    if (await hasThreads(host, options.units?.[component] ?? component, options)) threads.push(component);
  return threads;
}

async function hasThreads(
  host: Pick<Host, 'run'>,
  unit: string,
  { sudo = true, signal }: ObserveThreadsOptions,
): Promise<boolean> {
  const ask = (command: readonly [string, ...string[]]) =>
    host.run(command, {
      env: { LC_ALL: 'C' },
      expect: 'any',
      timeout: '1m',
      signal,
      ...(sudo ? { sudo: true } : {}),
    });
  const shown = await ask([
    'systemctl',
    'show',
    '--property=LoadState,MainPID,Environment,EnvironmentFiles',
    '--',
    unit,
  ]);
  if (shown.exitCode !== 0 || !shown.stdout.includes('LoadState=loaded'))
    throw new RangeError(`systemd knows no unit ${unit}`);
  const pid = /^MainPID=([1-9]\d*)$/m.exec(shown.stdout)?.[1];
  const files = [...shown.stdout.matchAll(/^EnvironmentFiles=(.+) \(ignore_errors=(?:yes|no)\)$/gm)].map(
    ([, file = '']) => file,
  );
  const sources = [...(pid === undefined ? [] : [`/proc/${pid}/environ`]), ...files];
  const values = valuesIn(/^Environment=(.*)$/m.exec(shown.stdout)?.[1] ?? '');
  for (const source of sources) {
    // Only this variable leaves the host: others may be secrets. The variables of a process end in NUL.
    const found = await ask([
      'grep',
      '--text',
      '--no-messages',
      '--only-matching',
      ...(source.startsWith('/proc/') ? ['--null-data'] : []),
      '--extended-regexp',
      `^[[:space:]]*(export[[:space:]]+)?${THREADS_VARIABLE}=.*`,
      '--',
      source,
    ]);
    // 2 of an EnvironmentFile: there may be none, as systemd allows by a dash.
    if (found.exitCode > 1 && source.startsWith('/proc/'))
      throw new RangeError(`${source} of ${unit} could not be read`);
    values.push(...valuesIn(found.stdout));
  }
  return values.some((value) => YES.test(value));
}

const valuesIn = (text: string): string[] =>
  [...text.matchAll(new RegExp(`${THREADS_VARIABLE}=["']?([^\\s"'\0]*)`, 'g'))].map(
    ([, value = '']) => value,
  );

const gapOf = (host: string, why: string): Gap => ({
  what: `threads of Nova's services on ${host}`,
  kind: 'failed',
  why,
  remedy: `Say it by \`threads\` of the host: see whether ${THREADS_VARIABLE} is set there.`,
  requestIds: [],
});
