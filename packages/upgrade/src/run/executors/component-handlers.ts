import type { Refusal, StepContext, StepHandlers } from '@groundcrew/runbook';
import type { z } from 'zod';
import type { ComponentsInput, restartComponents } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';
import { type ApiEndpoints, isApi, silentApis, unknownEndpoints } from './api-endpoints.ts';
import { heardWorkers } from './heard-workers.ts';
import type { HostShell } from './host-shell.ts';
import { controlCommand, type ComponentNaming, packagesOf, type ServiceVerb, unitsOf } from './naming.ts';
import { isOfMajor, packageVersions, versionsText } from './package-versions.ts';
import type { WorkerReports } from './worker-heartbeats.ts';

type RestartInput = z.output<typeof restartComponents.input>;

/** Looks at a component, that has just been started, until it runs. */
const LOOKS = 30;
const PAUSE = 1_000;
/** It must go on to run: many programs of OpenStack read their configuration, and then end. */
const SETTLE = 3_000;

/** What the facts of a report say of a component. */
const REPORTED = 'reported anew';
const ANSWERED = 'answered';
const NOT_KNOWN = 'not known';

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
        return this.#witnessed(input, context);
      },
      verify: async (input, report, context) => {
        const down = await this.#down(input, context);
        if (down.length > 0) return refusal('upgrade.not-running', input, down, 'do not run');
        return (await this.#silent(input, report, context)) ?? this.#old(input, context);
      },
    };
  }

  get signal(): StepHandlers<ComponentsInput, UpgradeStepReport> {
    return {
      precondition: async (input) => unknownEndpoints(input, this.#options),
      perform: async (input, context) => {
        await this.#tell('hang-up', input, context);
        return this.#witnessed(input, context);
      },
      verify: async (input, report, context) => {
        const down = await this.#down(input, context);
        if (down.length > 0) return refusal('upgrade.not-running', input, down, 'ended at SIGHUP');
        return this.#silent(input, report, context);
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

  /**
   * What those who keep records of workers say. It is part of the report, since a check afterwards can only refuse: a worker of which nobody
   * knows is neither running for sure nor a failure. What is down or silent is left to that check, which tells it.
   */
  async #witnessed(input: ComponentsInput, context: StepContext): Promise<UpgradeStepReport> {
    const isUp = (await this.#awaited(input, context)).length === 0;
    if (!isUp || (await silentApis(input, this.#options, context)).length > 0)
      return { outcome: 'changed', facts: {} };
    const facts: Record<string, string> = {};
    const unknown: string[] = [];
    for (const [component, heard] of await this.#heard(input, input.components, context)) {
      if (heard.state === 'reported') facts[component] = REPORTED;
      // One that answers where it is asked was seen.
      if (heard.state === 'unknown') facts[component] = this.#hasEndpoint(component) ? ANSWERED : NOT_KNOWN;
      if (heard.state === 'unknown' && !this.#hasEndpoint(component)) unknown.push(heard.because);
    }
    return unknown.length === 0
      ? { outcome: 'changed', facts }
      : { outcome: 'unknown', because: unknown.join('; '), facts };
  }

  #heard(
    { host }: ComponentsInput,
    components: readonly string[],
    context: StepContext,
  ): ReturnType<typeof heardWorkers> {
    const workers = components.filter((name) => !isApi(name));
    return heardWorkers({ host, components: workers }, this.#options, context);
  }

  #hasEndpoint(component: string): boolean {
    return this.#options.endpoints?.[component] !== undefined;
  }

  /** Units that have not come up in time. */
  async #awaited(input: ComponentsInput, context: StepContext): Promise<string[]> {
    const units = unitsOf(this.#options, input.components);
    for (let look = 0; ; look += 1) {
      const running = await this.#running(input, context);
      const down = units.filter((unit) => !running.includes(unit));
      if (down.length === 0 || look === LOOKS) return down;
      await context.clock.sleep(PAUSE, context.signal);
    }
  }

  /** Units that do not come up, or do not stay up. */
  async #down(input: ComponentsInput, context: StepContext): Promise<string[]> {
    const down = await this.#awaited(input, context);
    if (down.length > 0) return down;
    await context.clock.sleep(SETTLE, context.signal);
    const running = await this.#running(input, context);
    return unitsOf(this.#options, input.components).filter((unit) => !running.includes(unit));
  }

  /** A process may run that could not load its application: 2026.1's Nova API with 2025.1's api-paste.ini, seen on the lab. */
  async #silent(
    input: ComponentsInput,
    { facts }: UpgradeStepReport,
    context: StepContext,
  ): Promise<Refusal | undefined> {
    const silent = await silentApis(input, this.#options, context);
    if (silent.length > 0) return refusal('upgrade.not-answering', input, silent, 'do not answer');
    const open = input.components.filter((name) => facts[name] === undefined);
    const heard = [...(await this.#heard(input, open, context))];
    const quiet = heard.filter(([, { state }]) => state === 'silent').map(([name]) => name);
    if (quiet.length > 0) return refusal('upgrade.not-reporting', input, quiet, 'do not report');
    // Its report is written already, and says nothing of them: the step is done again, for a report that does.
    const late = heard.filter(([name, { state }]) => state === 'unknown' && !this.#hasEndpoint(name));
    return late.length === 0
      ? undefined
      : refusal(
          'upgrade.not-witnessed',
          input,
          late.map(([name]) => name),
          'came up late, and nobody can say whether they report',
        );
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
