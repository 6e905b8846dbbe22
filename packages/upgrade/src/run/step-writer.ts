import { milliseconds } from '@groundcrew/ground';
import {
  checkService,
  contractSchema,
  expandSchema,
  finishData,
  installPackages,
  migrateData,
  putBack,
  restartComponents,
  signalComponents,
  stopComponents,
  takeOut,
} from './actions.ts';
import type { StepChain } from './plan-draft.ts';
import type { PlanUpgradeOptions } from './plan-options.ts';
import type { Migration, OnlineMigrations, Recipe } from './recipe.ts';
import { componentsOf } from './recipes.ts';
import type { TopologyHost } from './topology.ts';
import type { UpgradePart } from './upgrade-parts.ts';

/** Of `components` those that a host runs. */
export const running = ({ runs }: TopologyHost, components: readonly string[]): string[] =>
  runs.filter((name) => components.includes(name));

/**
 * Writes the steps of which all services' plans are made. It remembers where packages are installed already: a service's files on a host
 * are replaced once, for all of its components there.
 */
export class StepWriter {
  readonly #installed = new Set<string>();
  readonly #options: PlanUpgradeOptions;

  constructor(options: PlanUpgradeOptions) {
    this.#options = options;
  }

  install(chain: StepChain, { recipe, major }: UpgradePart, host: TopologyHost): void {
    const { service } = recipe;
    const id = `install-${service}-${host.name}`;
    if (this.#installed.has(id)) return;
    this.#installed.add(id);
    chain.add(installPackages, {
      id,
      input: { host: host.name, service, components: running(host, componentsOf(recipe)), major },
      timeout: '1h',
      estimate: `${service}.install`,
    });
  }

  migrate(chain: StepChain, part: UpgradePart, migration: Migration, forGood: boolean): void {
    const [first] = part.control;
    if (first === undefined) return;
    const { service } = part.recipe;
    const { phase, command, why, state, needsOutage = false } = migration;
    chain.add(forGood ? contractSchema : expandSchema, {
      id: `${phase}-${service}`,
      input: {
        host: first.name,
        service,
        phase,
        command: [...command],
        state:
          state === undefined
            ? null
            : {
                command: [...state.command],
                done: [...state.done],
                left: [...state.left],
                unclear: [...(state.unclear ?? [])],
              },
        refuseIfLeft: needsOutage && !part.outage,
      },
      why,
      // One that is cut off leaves a schema between two releases: better late than that.
      timeout: '2d',
      estimate: `${service}.${phase}`,
    });
  }

  check(chain: StepChain, { recipe: { service, hasCheck }, control: [first] }: UpgradePart): void {
    if (!hasCheck || first === undefined) return;
    chain.add(checkService, {
      id: `check-${service}`,
      input: {
        host: first.name,
        service,
        acceptUnknown: this.#options.acceptUnknownChecks?.includes(service) ?? false,
      },
      why: 'With the new code and the migrated database, before it serves.',
      timeout: '15m',
      estimate: `${service}.check`,
    });
  }

  stop(chain: StepChain, { recipe }: UpgradePart, host: TopologyHost, why: string): void {
    const components = running(host, recipe.control.flat());
    if (components.length === 0) return;
    const { service } = recipe;
    chain.add(stopComponents, {
      id: `stop-${service}-${host.name}`,
      input: { host: host.name, service, components },
      why,
      timeout: '30m',
      estimate: `${service}.stop`,
    });
  }

  restart(
    chain: StepChain,
    { recipe: { service }, major }: UpgradePart,
    host: TopologyHost,
    components: readonly string[],
    how: { readonly verb?: 'restart' | 'refresh'; readonly why?: string } = {},
  ): void {
    const { verb = 'restart', why } = how;
    chain.add(restartComponents, {
      id: `${verb}-${components[0]}-${host.name}`,
      input: { host: host.name, service, components: [...components], major },
      why,
      timeout: '30m',
      estimate: `${service}.${verb}`,
    });
  }

  signal(chain: StepChain, { service }: Recipe, host: TopologyHost, components: readonly string[]): void {
    chain.add(signalComponents, {
      id: `signal-${service}-${host.name}`,
      input: { host: host.name, service, components: [...components] },
      timeout: '10m',
      estimate: `${service}.signal`,
    });
  }

  online(
    chain: StepChain,
    part: UpgradePart,
    { online, by }: { readonly online: OnlineMigrations; readonly by: 'old' | 'new' },
  ): void {
    const [first] = part.control;
    if (first === undefined) return;
    const { service } = part.recipe;
    const { batch = 1000, pause = '1s' } = this.#options.throttle ?? {};
    const [what, of, why] =
      by === 'old'
        ? ([
            'finish-data',
            finishData,
            'The new tools refuse what the hop before left; only the old ones can do it.',
          ] as const)
        : ([
            'migrate-data',
            migrateData,
            'Until its tool says that nothing is left: the next upgrade begins only then.',
          ] as const);
    chain.add(of, {
      id: `${what}-${service}`,
      input: {
        host: first.name,
        service,
        command: [...online.command],
        limit: online.limit,
        batch,
        pauseMs: milliseconds(pause),
      },
      why,
      timeout: '7d',
      estimate: `${service}.${what}`,
    });
  }

  /** Takes a host out of use for what is written between, if the caller wants that. */
  without(chain: StepChain, { kind, service, host, again = false }: OutOfUse, write: () => void): void {
    if (!(this.#options.drain?.includes(kind) ?? false)) {
      write();
      return;
    }
    const input = { host: host.name, service, kind };
    const name = `${kind === 'api' ? `${service}-` : ''}${host.name}${again ? '-again' : ''}`;
    const timeout = kind === 'api' ? '1h' : '1d';
    chain.add(takeOut, { id: `take-out-${name}`, input, timeout, estimate: `${service}.take-out` });
    write();
    chain.add(putBack, { id: `put-back-${name}`, input, timeout, estimate: `${service}.put-back` });
  }
}

interface OutOfUse {
  readonly kind: 'api' | 'compute';
  readonly service: string;
  readonly host: TopologyHost;
  /** The second time in a plan. */
  readonly again?: boolean;
}
