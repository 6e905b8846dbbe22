import { RunbookError } from '../errors.ts';

/** The engine cannot do that now: it is not launched, has been shut down, or DBOS is in use otherwise in this process. */
export class EngineError extends RunbookError {
  readonly code = 'engine';
}

/** Another plan has been started under this id. */
export class RunTakenError extends RunbookError {
  readonly code = 'run-taken';
  readonly run: string;

  constructor(run: string, digest: string) {
    super(`run ${run} was started with the plan ${digest}`, { remedy: 'Give this plan an id of its own.' });
    this.run = run;
  }
}
