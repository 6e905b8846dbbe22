import type { Outcome } from '../running/outcome.ts';
import { EngineError } from './engine-errors.ts';
import type { EnginePackages } from './engine-packages.ts';
import type { RunRequest } from './request.ts';

/** The name of a run's workflow in DBOS. It is stored in the database: workers of two releases must agree on it. */
export const WORKFLOW = 'groundcrew.run';

type Body = (request: RunRequest, workflow: string) => Promise<Outcome>;
export type Workflow = (request: RunRequest) => Promise<Outcome>;

let workflow: Workflow | undefined;
let body: Body | undefined;

/** Reserves DBOS for one engine: a process has one DBOS. The engine gives it back with `giveDbosBack`. */
export function takeDbos({ DBOS }: Pick<EnginePackages, 'DBOS'>, by: Body): Workflow {
  if (body !== undefined || DBOS.isInitialized())
    throw new EngineError('DBOS is running in this process already', {
      remedy: 'Shut the other engine down first, or run this one in a process of its own.',
    });
  body = by;
  // Once for each process: DBOS refuses a second workflow of the same name.
  workflow ??= DBOS.registerWorkflow(
    async (request: RunRequest): Promise<Outcome> => {
      if (body === undefined) return new Promise<never>(() => undefined);
      return body(request, DBOS.workflowID ?? request.run);
    },
    { name: WORKFLOW },
  );
  return workflow;
}

export function giveDbosBack(): void {
  body = undefined;
}
