import { Answer } from './answer.ts';
import { type LabCommandOptions, runLab } from './command.ts';
import { LabCommandFailed, type LabReason } from './errors.ts';
import type { LabSuite } from './suite.ts';

export interface LabCheck {
  readonly canRun: boolean;
  readonly controlPlane: string;
  readonly reasons: readonly LabReason[];
}

export interface CheckLabOptions extends LabCommandOptions {
  readonly only?: 'core' | 'full' | undefined;
  readonly suite?: LabSuite | undefined;
}

const CANNOT_RUN = 2;

/** Checks whether the lab can run here. A control plane that runs already is not checked again. */
export async function checkLab({ only, suite, ...options }: CheckLabOptions = {}): Promise<LabCheck> {
  const command = ['check', '--json', ...which({ only, suite })];
  const { exitCode, stdout, report } = await runLab(command, options);
  if (exitCode !== 0 && exitCode !== CANNOT_RUN) throw new LabCommandFailed(command, exitCode, report);
  const answer = Answer.parse(command, stdout);
  return {
    canRun: answer.field('canRun').boolean(),
    controlPlane: answer.field('controlPlane').string(),
    reasons: answer.field('reasons').list((reason) => ({
      code: reason.field('code').string(),
      because: reason.field('because').string(),
      remedy: reason.field('remedy').string(),
    })),
  };
}

/** The options that select a control plane and its extent. */
export function which({ only, suite }: Pick<CheckLabOptions, 'only' | 'suite'>): string[] {
  return [...(only ? ['--only', only] : []), ...(suite ? ['--suite', suite] : [])];
}
