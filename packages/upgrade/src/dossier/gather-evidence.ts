import {
  aClock,
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Clock,
  type Duration,
  type Gap,
  messageOf,
  milliseconds,
  type Observed,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { linesAround, type Window } from './lines-around.ts';
import { SecretsMet } from './secrets-met.ts';

export type EvidenceKind = 'packages' | 'states' | 'configuration' | 'log';

/** Something that was read on a host. It may be sent away: nothing in it is known, or looks like, a secret. */
export interface EvidenceItem {
  readonly host: string;
  readonly kind: EvidenceKind;
  /** The file, or what it is: `services`. */
  readonly name: string;
  readonly text: string;
  /** Whether there was more than `limit`. */
  readonly isCut: boolean;
}

export interface GatherEvidenceOptions {
  readonly hosts: readonly Pick<Host, 'name' | 'run'>[];
  /** When it went wrong, ISO 8601. */
  readonly around: string;
  /** How long before and after it logs are taken. @default '15m' */
  readonly within?: Duration | undefined;
  /** Configuration, on each host that has the file: `/etc/nova/nova.conf`. @default none */
  readonly files?: readonly string[] | undefined;
  /** Log files, whose lines begin with the time, on each host that has them: `/var/log/nova/nova-api.log`. @default none */
  readonly logs?: readonly string[] | undefined;
  /** Units of systemd whose journal is taken: `nova-api`. @default none */
  readonly units?: readonly string[] | undefined;
  /** Texts that must not show, beside those that are found. @default none */
  readonly secrets?: readonly string[] | undefined;
  /** By `sudo -n`: as root, or as the user of that name. @default as who one is */
  readonly sudo?: boolean | string | undefined;
  /** Bytes of each item that are kept, of a log the last ones. @default 4 MiB */
  readonly limit?: number | undefined;
  /** Until a command is ended. @default '1m' */
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

const files = z.array(z.string().startsWith('/')).optional();
const evidenceOptions = optionsSchema<GatherEvidenceOptions>({
  hosts: z.array(anObjectWith<Pick<Host, 'name' | 'run'>>('a Host', 'name', 'run')).min(1),
  around: z.iso.datetime(),
  within: aPositiveDuration.optional(),
  files,
  logs: files,
  units: z.array(z.string().regex(/^[\w@.:-]{1,200}$/, 'must be the name of a unit')).optional(),
  secrets: z.array(z.string().min(1)).optional(),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  limit: z.int().min(1).optional(),
  timeout: aPositiveDuration.optional(),
  signal: aSignal.optional(),
  clock: aClock.optional(),
});

/**
 * Reads what whoever is called will ask for, on hosts of Debian and Ubuntu: versions of packages, states of services, configuration, and
 * logs around a time. It changes nothing. A file that is not there, and a host that does not answer, are gaps.
 *
 * Secrets are masked twice: what has the name or the shape of one, everywhere; and each value that is found so in a configuration, also where it
 * comes back in a log. Values of less than four characters are masked by their names alone. Names, addresses and ids are kept.
 *
 * @throws InputError naming the field; the signal's reason
 * @example
 * const { value, gaps } = await gatherEvidence({
 *   hosts: [sshHost({ host: 'ctl-1' })],
 *   around: '2026-11-30T02:14:00Z',
 *   files: ['/etc/nova/nova.conf'],
 *   logs: ['/var/log/nova/nova-conductor.log'],
 * });
 * for (const { host, name, text } of value) await writeFile(`${host}-${name.replaceAll('/', '_')}`, text);
 */
export async function gatherEvidence(
  options: GatherEvidenceOptions,
): Promise<Observed<readonly EvidenceItem[]>> {
  parseArguments('gatherEvidence', evidenceOptions, options);
  const { hosts, around, within = '15m', secrets = [], clock = systemClock, signal } = options;
  const at = new Date(clock.now()).toISOString();
  const half = milliseconds(within);
  const window = { from: Date.parse(around) - half, to: Date.parse(around) + half };
  const items: EvidenceItem[] = [];
  const gaps: Gap[] = [];
  for (const host of hosts)
    for (const reading of readingsOf(options, window)) {
      signal?.throwIfAborted();
      try {
        items.push({
          host: host.name,
          kind: reading.kind,
          name: reading.name,
          ...(await reading.read(host)),
        });
      } catch (error) {
        signal?.throwIfAborted();
        gaps.push({
          what: `${reading.name} on ${host.name}`,
          kind: 'failed',
          why: messageOf(error),
          remedy: 'Read it by hand.',
          requestIds: [],
        });
      }
    }
  // Of all configurations before the first text is shown: a password of Nova's stands in a log of Neutron's.
  const met = new SecretsMet(secrets);
  for (const { kind, text } of items) if (kind === 'configuration') met.look(text);
  return {
    value: items.map((item) => ({ ...item, text: met.mask(item.text) })),
    at,
    source: 'hosts',
    completeness: gaps.length === 0 ? 'complete' : items.length > 0 ? 'partial' : 'failed',
    gaps: gaps.map((gap) => ({ ...gap, why: met.mask(gap.why) })),
  };
}

interface Reading {
  readonly kind: EvidenceKind;
  readonly name: string;
  readonly read: (host: Pick<Host, 'run'>) => Promise<{ readonly text: string; readonly isCut: boolean }>;
}

function readingsOf(options: GatherEvidenceOptions, window: Window): Reading[] {
  const { files: configurations = [], logs = [], units = [], sudo, timeout, signal } = options;
  const limit = options.limit ?? 4 * 1024 * 1024;
  const told =
    (...command: [string, ...string[]]) =>
    async (host: Pick<Host, 'run'>) => {
      const how = { keep: limit, timeout, signal, env: { LC_ALL: 'C', TZ: 'UTC' } };
      const { stdout, dropped } = await host.run(command, sudo === undefined ? how : { ...how, sudo });
      return { text: stdout, isCut: dropped > 0 };
    };
  const logAround = (file: string) => async (host: Pick<Host, 'run'>) => {
    // Logs have the time of their host's zone, and do not say which.
    const zone = await host.run(['date', '+%z'], { timeout, signal });
    const { text, isCut } = await told('cat', '--', file)(host);
    return { text: linesAround(text, window, zone.stdout), isCut };
  };
  return [
    { kind: 'packages', name: 'packages', read: told('dpkg-query', '--show') },
    {
      kind: 'states',
      name: 'services',
      read: told(
        'systemctl',
        'list-units',
        '--type=service',
        '--all',
        '--plain',
        '--no-legend',
        '--no-pager',
      ),
    },
    ...configurations.map((name): Reading => ({
      kind: 'configuration',
      name,
      read: told('cat', '--', name),
    })),
    ...logs.map((name): Reading => ({ kind: 'log', name, read: logAround(name) })),
    ...units.map((unit): Reading => ({
      kind: 'log',
      name: `journal of ${unit}`,
      read: told(
        'journalctl',
        '--no-pager',
        '--output=short-iso',
        `--since=${inWords(window.from)}`,
        `--until=${inWords(window.to)}`,
        `--unit=${unit}`,
      ),
    })),
  ];
}

/** As journalctl takes it, in the zone of `TZ`: UTC. */
const inWords = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
