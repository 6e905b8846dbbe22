import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Answer } from './answer.ts';
import { checkLab, which } from './check.ts';
import { askLab, type LabCommandOptions, runLab } from './command.ts';
import { LabCannotRun, LabCommandFailed, LabError } from './errors.ts';
import { labStatus, type LabStatus } from './status.ts';
import type { LabSuite } from './suite.ts';

export interface EnsureLabOptions extends LabCommandOptions {
  /** `full` has Swift, Heat, Barbican, Masakari, telemetry, Octavia and HAProxy as well. @default 'core' */
  readonly only?: 'core' | 'full' | undefined;
  /** @default the host's own release, Zed */
  readonly suite?: LabSuite | undefined;
}

/** A control plane that is up. */
export interface Lab {
  /** `lab`, `lab-trixie`, … */
  readonly controlPlane: string;
  /** The path of a clouds.yaml with the clouds of every control plane of this lab. */
  readonly cloudsYaml: string;
  /** The directory of its log files. */
  readonly logs: string;
  /** The name of one of its clouds, such as `lab-trixie-member`. */
  readonly cloud: (who: 'admin' | 'member' | 'reader' | 'other' | 'system' | 'appcred') => string;
  /** `OS_*` variables for a cloud. @default its admin's */
  readonly env: (cloud?: string) => Promise<Record<string, string>>;
  readonly status: () => Promise<LabStatus>;
  /** Undoes what a test that was killed left in Nova: compute hosts forced down or disabled, cells that do not answer. */
  readonly restore: () => Promise<void>;
  /** The AMQP URL of this control plane's vhost, with its password: queues `audit.info`, `notifications.info`, … */
  readonly bus: () => Promise<string>;
  /** Kills a daemon (`compute-2`, `nova-api`, …), as a failing host would: ten seconds of grace at most. */
  readonly stop: (daemon: string) => Promise<void>;
  /** Starts a daemon that was stopped; it may take seconds more until it serves. */
  readonly start: (daemon: string) => Promise<void>;
  readonly restart: (daemon: string) => Promise<void>;
}

/** The time that the start may take if packages must be installed first, and another command runs. */
const UP_TIMEOUT = 30 * 60_000;
const LOCK_WAIT_SECONDS = 900;
const CANNOT_RUN = 2;

/**
 * Brings the lab up if it is not. Several processes may call this at once: one does the work, the others
 * wait for it.
 *
 * @throws LabCannotRun if this machine cannot run it: not root, not Debian 12, too little memory, …
 *
 * @example
 * const lab = await ensureLab();
 * const { OS_AUTH_URL } = await lab.env(lab.cloud('member'));
 */
export async function ensureLab({ only = 'core', suite, ...options }: EnsureLabOptions = {}): Promise<Lab> {
  const controlPlane = suite === undefined ? 'lab' : `lab-${suite}`;
  let status = await labStatus(options);
  if (!isUp(status, controlPlane, only)) {
    await bringUp({ only, suite, ...options });
    status = await labStatus(options);
  }
  if (status.cloudsYaml === null) throw new LabError('The lab is up, but has written no clouds.yaml');
  return openLab(controlPlane, suite, status.cloudsYaml, `${status.logs}/${controlPlane}`, options);
}

function isUp(status: LabStatus, controlPlane: string, only: 'core' | 'full'): boolean {
  const plane = status.controlPlanes.find(({ name }) => name === controlPlane);
  const changing = status.busyWith === controlPlane || status.busyWith === 'all';
  return !changing && plane?.core === 'up' && (only === 'core' || plane.full === 'up');
}

async function bringUp({ only, suite, ...options }: EnsureLabOptions): Promise<void> {
  const command = ['up', ...which({ only, suite }), '--wait', String(LOCK_WAIT_SECONDS)];
  const { exitCode, report } = await runLab(command, { timeout: UP_TIMEOUT, ...options });
  if (exitCode === 0) return;
  if (exitCode === CANNOT_RUN) {
    const { reasons } = await checkLab({ only, suite, ...options });
    if (reasons.length > 0) throw new LabCannotRun(reasons);
  }
  throw new LabCommandFailed(command, exitCode, report);
}

function openLab(
  controlPlane: string,
  suite: LabSuite | undefined,
  cloudsYaml: string,
  logs: string,
  options: LabCommandOptions,
): Lab {
  const full = (daemon: string) => (daemon.includes('.') ? daemon : `${controlPlane}.${daemon}`);
  const runVerb = async (verb: string, daemon: string) => {
    await askLab([verb, full(daemon)], options);
  };
  return {
    controlPlane,
    cloudsYaml,
    logs,
    cloud: (who) => `${controlPlane}-${who}`,
    env: async (cloud = `${controlPlane}-admin`) => {
      const command = ['env', cloud, '--json'];
      return Answer.parse(command, await askLab(command, options)).strings();
    },
    status: () => labStatus(options),
    restore: async () => {
      const command = ['restore', ...which({ suite }), '--wait', String(LOCK_WAIT_SECONDS)];
      await askLab(command, { timeout: UP_TIMEOUT, ...options });
    },
    bus: async () => {
      // One password for all, beside clouds.yaml; the port is RabbitMQ's own.
      const password = (await readFile(join(dirname(cloudsYaml), 'password'), 'utf8')).trim();
      return `amqp://lab:${password}@127.0.0.1:5672/${controlPlane}`;
    },
    stop: (daemon) => runVerb('stop', daemon),
    start: (daemon) => runVerb('start', daemon),
    restart: (daemon) => runVerb('restart', daemon),
  };
}
