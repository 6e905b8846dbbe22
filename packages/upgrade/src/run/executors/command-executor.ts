import { aFunction, optionsSchema, parseArguments } from '@groundcrew/ground';
import { implement } from '@groundcrew/runbook';
import { z } from 'zod';
import { upgradeActions as actions } from '../actions.ts';
import type { UpgradeCommand } from '../recipe.ts';
import { type ApiEndpoints, endpointsShape } from './api-endpoints.ts';
import { checkHandlers } from './check-handlers.ts';
import { ComponentHandlers } from './component-handlers.ts';
import { dataHandlers } from './data-handlers.ts';
import { confirmingRestore } from './every-action.ts';
import type { UpgradeExecutor } from './executor.ts';
import { HostShell } from './host-shell.ts';
import { migrationHandlers } from './migration-handlers.ts';
import type { ComponentNaming } from './naming.ts';
import { namingShape } from './naming-schema.ts';
import { optionHandlers } from './option-handlers.ts';
import { packageHandlers } from './package-handlers.ts';
import { type LeadTraffic, trafficHandlers } from './traffic-handlers.ts';
import type { WorkerReports } from './worker-heartbeats.ts';

export interface CommandExecutorOptions extends ComponentNaming, ApiEndpoints, WorkerReports {
  /** Whether root and the users of services are reached by `sudo -n`; else all is run as who one is. @default true */
  readonly sudo?: boolean | undefined;
  /** The user of a service's tools: `{ placement: 'nova' }`. @default the name of the service */
  readonly users?: { readonly [service: string]: string } | undefined;
  /** Puts a command of a service's tools where its code is: into a container. @default as it is */
  readonly rewrite?:
    | ((command: UpgradeCommand, at: { readonly host: string; readonly service: string }) => UpgradeCommand)
    | undefined;
  /**
   * Takes an API out of the load balancer, or drains a compute host. It is called again where a run was killed in it, and has to go on from
   * there: a server that was moved with its power off may still wait to be confirmed (`VERIFY_RESIZE`), on the other host.
   *
   * @default a plan with `drain` is not carried out
   */
  readonly takeOut?: LeadTraffic | undefined;
  /** Undoes that. @default a plan with `drain` is not carried out */
  readonly putBack?: LeadTraffic | undefined;
}

const commandOptions = optionsSchema<CommandExecutorOptions>({
  ...namingShape,
  ...endpointsShape,
  heartbeats: aFunction.optional(),
  sudo: z.boolean().optional(),
  users: z.record(z.string(), z.string().min(1)).optional(),
  rewrite: aFunction.optional(),
  takeOut: aFunction.optional(),
  putBack: aFunction.optional(),
});

/**
 * Carries out a plan by commands on Debian and Ubuntu: `apt-get`, each service's `*-manage`, systemd. Every step may be cut off anywhere
 * and is done again: it looks first whether it is done, where something can tell.
 *
 * While packages are installed `/usr/sbin/policy-rc.d` keeps them from restarting services. A runner that is killed then leaves it
 * there, until the plan goes on.
 *
 * @throws InputError naming the field
 * @example
 * const executor = commandExecutor({
 *   units: { keystone: ['apache2'] },
 *   endpoints: { keystone: (host) => `http://${host}:5000/v3`, 'nova-api': (host) => `http://${host}:8774/` },
 *   heartbeats: heartbeatsOf(cloud),
 * });
 * const implementations = upgradeImplementations({ hosts: [sshHost({ host: 'ctl-1' })], executor });
 */
export function commandExecutor(options: CommandExecutorOptions = {}): UpgradeExecutor {
  parseArguments('commandExecutor', commandOptions, options);
  const { sudo = true, users = {}, rewrite = (command) => command, takeOut, putBack } = options;
  return {
    name: 'commands',
    implementations(hosts) {
      const shell = new HostShell({ hosts, sudo, users, rewrite });
      const components = new ComponentHandlers(shell, options);
      return [
        confirmingRestore(),
        implement(actions.setOption, optionHandlers(shell)),
        implement(actions.takeOut, trafficHandlers(takeOut, 'takeOut')),
        implement(actions.putBack, trafficHandlers(putBack, 'putBack')),
        implement(actions.stopComponents, components.stop),
        implement(actions.installPackages, packageHandlers(shell, options)),
        implement(actions.expandSchema, migrationHandlers(shell)),
        implement(actions.contractSchema, migrationHandlers(shell)),
        implement(actions.checkService, checkHandlers(shell)),
        implement(actions.restartComponents, components.restart),
        implement(actions.signalComponents, components.signal),
        implement(actions.finishData, dataHandlers(shell)),
        implement(actions.migrateData, dataHandlers(shell)),
      ];
    },
  };
}
