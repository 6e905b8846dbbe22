import type { StepContext, StepHandlers } from '@groundcrew/runbook';
import type { MigrationInput } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';
import type { HostShell } from './host-shell.ts';
import { lastLine } from './last-line.ts';
import { UpgradeRunError } from './run-error.ts';

type State = 'done' | 'left' | 'unclear';

/**
 * Migrates a schema. Each tool goes on where it was if it is run again. Whether it is done is asked where the tool can tell; an exit of 0
 * alone is believed only where it cannot.
 */
export function migrationHandlers(shell: HostShell): StepHandlers<MigrationInput, UpgradeStepReport> {
  /** `unclear` also where the tool cannot be asked. */
  async function stateOf(input: MigrationInput, { signal }: Pick<StepContext, 'signal'>): Promise<State> {
    const { state } = input;
    if (state === null) return 'unclear';
    const { exitCode, stderr } = await shell.alone(input, state.command, { signal, expect: 'any' });
    if (state.done.includes(exitCode)) return 'done';
    if (state.left.includes(exitCode)) return 'left';
    if (state.unclear.includes(exitCode)) return 'unclear';
    throw new UpgradeRunError(
      'upgrade.state-unknown',
      `${state.command.join(' ')} on ${input.host} exited ${exitCode}: ${lastLine(stderr)}`,
      'Run it by hand; nothing was migrated.',
    );
  }

  return {
    async precondition(input, context) {
      if (!input.refuseIfLeft || (await stateOf(input, context)) !== 'left') return undefined;
      return {
        code: 'upgrade.needs-outage',
        reason: `${input.service} has migrations for which every one of its APIs must be down`,
        remedy: `Plan the rest with \`outage: ['${input.service}']\`.`,
      };
    },
    async done(input, context) {
      return (await stateOf(input, context)) === 'done' ? { outcome: 'unchanged', facts: {} } : undefined;
    },
    async perform(input, context) {
      if ((await stateOf(input, context)) === 'done') return { outcome: 'unchanged', facts: {} };
      const { signal } = context;
      const { durationMs } = await shell.alone(input, input.command, { signal });
      return { outcome: 'changed', facts: { milliseconds: String(Math.round(durationMs)) } };
    },
    async verify(input, _report, context) {
      if ((await stateOf(input, context)) !== 'left') return undefined;
      return {
        code: 'upgrade.did-nothing',
        reason: `${input.command.join(' ')} exited 0, and its own tool says that it is still to be done`,
        remedy: 'See its output by hand: it may read another configuration, or another database.',
      };
    },
  };
}
