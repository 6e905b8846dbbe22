import type { CommandOptions, CommandResult, Host } from '@groundcrew/runbook';
import type { UpgradeCommand } from '../recipe.ts';
import { UpgradeRunError } from './run-error.ts';

interface HostShellOptions {
  readonly hosts: readonly Host[];
  /** Whether root and the users of services are reached by `sudo -n`. */
  readonly sudo: boolean;
  /** The user of a service, if it is not called as the service. */
  readonly users: { readonly [service: string]: string };
  /** Puts a service's own command where its code is: into a container, a chroot. */
  readonly rewrite: (
    command: UpgradeCommand,
    at: { readonly host: string; readonly service: string },
  ) => UpgradeCommand;
}

interface At {
  readonly host: string;
  readonly service: string;
}

type How = Omit<CommandOptions, 'sudo'>;

/** Longer than any step may take: the step's own limit ends a command by its signal. */
const LIMIT = '14d';

/** Runs commands of a plan on its hosts, as root or as the user of a service. */
export class HostShell {
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #options: HostShellOptions;

  constructor(options: HostShellOptions) {
    this.#hosts = new Map(options.hosts.map((host) => [host.name, host]));
    this.#options = options;
  }

  /** @throws UpgradeRunError for a host that was not given */
  host(name: string): Host {
    const host = this.#hosts.get(name);
    if (host === undefined)
      throw new UpgradeRunError(
        'upgrade.unknown-host',
        `the plan has a step on ${name}, and no host of that name was given`,
        'Give it to upgradeImplementations.',
      );
    return host;
  }

  get root(): { readonly sudo?: true } {
    return this.#options.sudo ? { sudo: true } : {};
  }

  asRoot(host: string, command: UpgradeCommand, how: How): Promise<CommandResult> {
    return this.host(host).run(command, { timeout: LIMIT, ...how, ...this.root });
  }

  /**
   * A command of the service's own tools, of which there may be one at a time, also where a runner that was killed left one behind: that
   * one's end is waited for. The lock is outside of a container that the command may be put into.
   */
  alone(at: At, command: UpgradeCommand, how: How): Promise<CommandResult> {
    const lock = `/run/lock/groundcrew-${at.service}.lock`;
    return this.host(at.host).run(['flock', lock, ...this.rewritten(at, command)], {
      timeout: LIMIT,
      ...how,
      ...this.serviceUser(at.service),
    });
  }

  serviceUser(service: string): { readonly sudo?: string } {
    const { sudo, users } = this.#options;
    return sudo ? { sudo: users[service] ?? service } : {};
  }

  rewritten(at: At, command: UpgradeCommand): UpgradeCommand {
    return this.#options.rewrite(command, at);
  }
}
