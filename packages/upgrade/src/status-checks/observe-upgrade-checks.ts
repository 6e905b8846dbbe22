import type { Gap, Observed } from '@groundcrew/core';
import {
  aClock,
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Clock,
  type Duration,
  messageOf,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import type { CommandResult, Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { readUpgradeCheck, type UpgradeCheck } from './read-upgrade-check.ts';

/** A service whose checks are run on a host, where its configuration and the new release's packages are. */
export interface UpgradeCheckTarget {
  /** `nova`, `keystone`, …: its command is `nova-status`. */
  readonly service: string;
  readonly host: Pick<Host, 'run' | 'name'>;
  /** The command without `upgrade check`: with a configuration of one's own, in a container. @default [`${service}-status`] */
  readonly command?: readonly [string, ...string[]] | undefined;
  /** As root, or as the user of that name. @default as who one is */
  readonly sudo?: boolean | string | undefined;
}

export interface ObserveUpgradeChecksOptions {
  /** Until a command is ended. @default '5m' */
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

/** What a service's checks say. */
export interface UpgradeCheckReport {
  readonly service: string;
  readonly host: string;
  readonly checks: readonly UpgradeCheck[];
}

const targets = z.object({
  targets: z.array(
    z.strictObject({
      service: z.string().regex(/^[a-z][a-z\d-]{0,40}$/, 'must be the name of a service: nova'),
      host: anObjectWith<UpgradeCheckTarget['host']>('a Host', 'run', 'name'),
      command: z.tuple([z.string().min(1)], z.string()).optional(),
      sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
    }),
  ),
});
const observeOptions = optionsSchema<ObserveUpgradeChecksOptions>({
  timeout: aPositiveDuration.optional(),
  signal: aSignal.optional(),
  clock: aClock.optional(),
});

/**
 * Runs the checks that each service brings along (`nova-status upgrade check`), one host after the other. They only read. They are
 * those of the release that is installed where they run, and are to be run with the new one's packages before its services start.
 *
 * A command that is not there, ends in an error (255), prints neither form, or says by its exit another worst result than it prints, is
 * a gap: what it would have found is not known.
 *
 * @throws InputError naming the field; the signal's reason
 * @example
 * const observed = await observeUpgradeChecks([{ service: 'nova', host: sshHost({ host: 'ctl-1' }), sudo: 'nova' }]);
 * for (const { title, verdict } of assessUpgradeChecks(observed)) console.log(verdict, title);
 */
export async function observeUpgradeChecks(
  given: readonly UpgradeCheckTarget[],
  options: ObserveUpgradeChecksOptions = {},
): Promise<Observed<readonly UpgradeCheckReport[]>> {
  parseArguments('observeUpgradeChecks', targets, { targets: given });
  parseArguments('observeUpgradeChecks', observeOptions, options);
  const { clock = systemClock, signal } = options;
  const at = new Date(clock.now()).toISOString();
  const value: UpgradeCheckReport[] = [];
  const gaps: Gap[] = [];
  for (const target of given) {
    signal?.throwIfAborted();
    const read = await checksOf(target, options);
    if ('why' in read) gaps.push(gapOf(target, read));
    else value.push({ service: target.service, host: target.host.name, checks: read.checks });
  }
  const completeness = gaps.length === 0 ? 'complete' : value.length > 0 ? 'partial' : 'failed';
  return { value, at, source: 'upgrade checks', completeness, gaps };
}

interface Unread {
  readonly why: string;
  readonly remedy: string | undefined;
}

async function checksOf(
  target: UpgradeCheckTarget,
  options: ObserveUpgradeChecksOptions,
): Promise<{ readonly checks: readonly UpgradeCheck[] } | Unread> {
  let result: CommandResult;
  try {
    result = await run(target, options, ['--json']);
    // argparse: nova-status has no `--json`, in any release so far (nova/cmd/status.py).
    if (result.exitCode === USAGE && /unrecognized arguments: .{0,40}--json/.test(result.stderr))
      result = await run(target, options, []);
  } catch (error) {
    options.signal?.throwIfAborted();
    return {
      why: messageOf(error),
      remedy: 'Install the packages of the new release there, and name the command.',
    };
  }
  const { exitCode, stdout, stderr } = result;
  const said = lastLine(stdout) || lastLine(stderr) || 'nothing';
  if (exitCode === BROKEN)
    return {
      why: `the checks ended in an error: ${said}`,
      remedy: 'Run the command by hand: it prints the traceback.',
    };
  const checks = readUpgradeCheck(stdout);
  if (checks === undefined)
    return {
      why: `exit ${exitCode}, and no results were printed: ${said}`,
      remedy: 'Run the command by hand.',
    };
  const worst = Math.max(0, ...checks.map(({ result: one }) => WORST.indexOf(one)));
  if (worst !== exitCode)
    return {
      why: `its exit (${exitCode}) is not that of the worst result that it printed (${WORST[worst]})`,
      remedy: 'Run the command by hand.',
    };
  if (checks.length === 0) return { why: 'it has no checks', remedy: undefined };
  return { checks };
}

/** argparse's exit for arguments that it does not know; also that of a failed check. */
const USAGE = 2;
const BROKEN = 255;
const WORST = ['success', 'warning', 'failure'] as const;

const run = (
  { service, host, command = [`${service}-status`], sudo }: UpgradeCheckTarget,
  { timeout = '5m', signal }: ObserveUpgradeChecksOptions,
  form: readonly string[],
): Promise<CommandResult> =>
  host.run([...command, 'upgrade', 'check', ...form], {
    // The words of the table are translated.
    env: { LC_ALL: 'C', LANGUAGE: 'en' },
    timeout,
    signal,
    expect: 'any',
    ...(sudo === undefined ? {} : { sudo }),
  });

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? '';

const gapOf = ({ service, host }: UpgradeCheckTarget, { why, remedy }: Unread): Gap => ({
  what: `upgrade checks of ${service} on ${host.name}`,
  kind: 'failed',
  why,
  remedy,
  requestIds: [],
});
