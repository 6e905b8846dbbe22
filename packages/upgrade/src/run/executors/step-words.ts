import type { Step } from '@groundcrew/runbook';
import { upgradeActions as actions } from '../actions.ts';
import { controlCommand, installCommand, type ComponentNaming, packagesOf, unitsOf } from './naming.ts';

/** A step in words: what is to be done, and how one sees that it is. */
interface StepWords {
  /** Commands, or sentences where there is no one command. */
  readonly how: readonly string[];
  /** What must be so afterwards. */
  readonly check: string;
}

/** Input of a step as its plan has it; each action's own schema has read it. */
interface AnyInput {
  readonly host?: string;
  readonly service?: string;
  readonly components?: readonly string[];
  readonly command?: readonly string[];
  readonly state?: { readonly command: readonly string[]; readonly done: readonly number[] } | null;
  readonly major?: number | null;
  readonly file?: string;
  readonly section?: string;
  readonly option?: string;
  readonly value?: string | null;
  readonly kind?: 'api' | 'compute';
  readonly limit?: string;
  readonly batch?: number;
  readonly at?: string;
}

/** What a person does for a step, and what `dryExecutor` tells. */
export function stepWords(action: Step['action'], input: unknown, naming: ComponentNaming): StepWords {
  const given = input as AnyInput;
  const { host = '', service = '', components = [], command = [], state, major } = given;
  const control = (verb: 'stop' | 'restart' | 'hang-up') =>
    unitsOf(naming, components).map((unit) => controlCommand(naming, verb, unit, host).join(' '));
  switch (action) {
    case actions.confirmRestore.name:
      return {
        how: [`See the proof of ${given.at}.`],
        check: 'A backup of the databases was restored and read.',
      };
    case actions.setOption.name:
      return {
        how: [
          given.value === null
            ? `In ${given.file}, [${given.section}]: take out ${given.option}`
            : `In ${given.file}, [${given.section}]: ${given.option} = ${given.value}`,
        ],
        check: 'The file says so, once.',
      };
    case actions.takeOut.name:
      return given.kind === 'api'
        ? { how: [`Drain ${service} on ${host} in the load balancer.`], check: 'No request comes any more.' }
        : { how: [`Disable nova-compute on ${host}, and migrate its servers.`], check: 'It has no servers.' };
    case actions.putBack.name:
      return given.kind === 'api'
        ? { how: [`Enable ${service} on ${host} in the load balancer.`], check: 'It answers requests.' }
        : { how: [`Enable nova-compute on ${host}.`], check: 'It is enabled and up.' };
    case actions.stopComponents.name:
      return { how: control('stop'), check: 'None of their processes runs.' };
    case actions.installPackages.name:
      return {
        how: [
          'Keep packages from restarting anything: /usr/sbin/policy-rc.d that exits 101.',
          `DEBIAN_FRONTEND=noninteractive ${installCommand(packagesOf(naming, components)).join(' ')}`,
        ],
        check: major === null ? 'dpkg says that they are installed.' : `dpkg says that they are of ${major}.`,
      };
    case actions.expandSchema.name:
    case actions.contractSchema.name:
      return {
        how: [command.join(' ')],
        check:
          state === null || state === undefined
            ? 'It exits 0.'
            : `${state.command.join(' ')} exits ${state.done.join(' or ')}.`,
      };
    case actions.checkService.name:
      return { how: [`${service}-status upgrade check`], check: 'It exits 0; 1 are warnings, to be read.' };
    case actions.restartComponents.name:
      return { how: control('restart'), check: 'They run, APIs answer, and the log has no new error.' };
    case actions.signalComponents.name:
      return { how: control('hang-up'), check: 'They still run, and APIs answer.' };
    case actions.finishData.name:
    case actions.migrateData.name:
      return {
        how: [`${[...command, given.limit, given.batch].join(' ')}, again while it exits 1`],
        check: 'It exits 0.',
      };
    default:
      return { how: [], check: '' };
  }
}
