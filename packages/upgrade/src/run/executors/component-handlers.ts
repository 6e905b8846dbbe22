import type { Refusal, StepContext, StepHandlers } from '@groundcrew/runbook';
import type { z } from 'zod';
import type { ComponentsInput, restartComponents } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';
import { type ApiEndpoints, silentApis, unknownEndpoints } from './api-endpoints.ts';
import type { HostShell } from './host-shell.ts';
import { controlCommand, type ComponentNaming, packagesOf, type ServiceVerb, unitsOf } from './naming.ts';
import { isOfMajor, packageVersions, versionsText } from './package-versions.ts';
import { silentWorkers, type WorkerReports } from './worker-heartbeats.ts';

type RestartInput = z.output<typeof restartComponents.input>;

/** Looks at a component, that has just been started, until it runs. */
const LOOKS = 30;
const PAUSE = 1_000;
/** It must go on to run: many programs of OpenStack read their configuration, and then end. */
const SETTLE = 3_000;

export class ComponentHandlers {
  readonly #shell: HostShell;
  readonly #options: ComponentNaming & ApiEndpoints & WorkerReports;

  constructor(shell: HostShell, options: ComponentNaming & ApiEndpoints & WorkerReports) {
    this.#shell = shell;
    this.#options = options;
  }

  get stop(): StepHandlers<ComponentsInput, UpgradeStepReport> {
    return {
      done: async (input, context) =>
        (await this.#running(input, context)).length === 0 ? { outcome: 'unchanged', facts: {} } : undefined,
      perform: async (input, context) => {
        await this.#tell('stop', input, context);
        return { outcome: 'changed', facts: {} };
      },
      verify: async (input, _report, context) => {
        const running = await this.#running(input, context);
        return running.length === 0 ? undefined : refusal('upgrade.not-stopped', input, running, 'still run');
      },
    };
  }

  /** It has no `done`: nothing tells a restart of this step from one before. Twice does no more harm than a moment each. */
  get restart(): StepHandlers<RestartInput, UpgradeStepReport> {
    return {
      precondition: async (input) => unknownEndpoints(input, this.#options),
      perform: async (input, context) => {
        await this.#tell('restart', input, context);
        return { outcome: 'changed', facts: {} };
      },
      verify: async (input, _report, context) => {
        const down = await this.#down(input, context);
        if (down.length > 0) return refusal('upgrade.not-running', input, down, 'do not run');
        return (await this.#silent(input, context)) ?? this.#old(input, context);
      },
    };
  }

  get signal(): StepHandlers<ComponentsInput, UpgradeStepReport> {
    return {
      precondition: async (input) => unknownEndpoints(input, this.#options),
      perform: async (input, context) => {
        await this.#tell('hang-up', input, context);
        return { outcome: 'changed', facts: {} };
      },
      verify: async (input, _report, context) => {
        const down = await this.#down(input, context);
        if (down.length > 0) return refusal('upgrade.not-running', input, down, 'ended at SIGHUP');
        return this.#silent(input, context);
      },
    };
  }

  async #tell(
    verb: ServiceVerb,
    { host, components }: ComponentsInput,
    { signal }: StepContext,
  ): Promise<void> {
    for (const unit of unitsOf(this.#options, components))
      await this.#shell.asRoot(host, controlCommand(this.#options, verb, unit, host), { signal });
  }

  async #running({ host, components }: ComponentsInput, { signal }: StepContext): Promise<string[]> {
    const running: string[] = [];
    for (const unit of unitsOf(this.#options, components)) {
      const command = controlCommand(this.#options, 'is-active', unit, host);
      const { exitCode } = await this.#shell.asRoot(host, command, { signal, expect: 'any' });
      if (exitCode === 0) running.push(unit);
    }
    return running;
  }

  /** Units that do not come up, or do not stay up. */
  async #down(input: ComponentsInput, context: StepContext): Promise<string[]> {
    const units = unitsOf(this.#options, input.components);
    const down = async (): Promise<string[]> => {
      const running = await this.#running(input, context);
      return units.filter((unit) => !running.includes(unit));
    };
    for (let look = 0; look < LOOKS && (await down()).length > 0; look += 1)
      await context.clock.sleep(PAUSE, context.signal);
    await context.clock.sleep(SETTLE, context.signal);
    return down();
  }

  /** A process may run that could not load its application: 2026.1's Nova API with 2025.1's api-paste.ini, seen on the lab. */
  async #silent(input: ComponentsInput, context: StepContext): Promise<Refusal | undefined> {
    const silent = await silentApis(input, this.#options, context);
    if (silent.length > 0) return refusal('upgrade.not-answering', input, silent, 'do not answer');
    const quiet = await silentWorkers(input, this.#options, context);
    return quiet.length === 0 ? undefined : refusal('upgrade.not-reporting', input, quiet, 'do not report');
  }

  /** A host that was put back from an image in the meantime has the old release again. */
  async #old({ host, components, major }: RestartInput, context: StepContext): Promise<Refusal | undefined> {
    if (major === null) return undefined;
    const versions = await packageVersions(this.#shell, host, packagesOf(this.#options, components), context);
    const old = versions.filter(({ installed }) => !isOfMajor(installed, major));
    if (old.length === 0) return undefined;
    return {
      code: 'upgrade.old-package',
      reason: `${host} runs ${versionsText(old)}, not ${major}`,
      remedy: 'It lost what was installed. Install it again there, and run the plan again.',
    };
  }
}

const refusal = (
  code: string,
  { host }: ComponentsInput,
  units: readonly string[],
  what: string,
): Refusal => ({
  code,
  reason: `${units.join(', ')} on ${host} ${what}`,
  remedy: `See their log there; then run the plan again.`,
});
