/** A reason why the lab cannot run here, with its remedy. */
export interface LabReason {
  /**
   * `not-root`, `not-debian-12`, `memory`, `disk`, `port-in-use`, `apt-unreachable`, `suite-unreachable`,
   * `suite-conflict`, `full-elsewhere`, `locked`; more may come.
   */
  readonly code: string;
  readonly because: string;
  readonly remedy: string;
}

/** The base of every error of this package. */
export class LabError extends Error {
  override readonly name: string = 'LabError';
}

/** This machine cannot run the lab; `reasons` has all that is missing, each with its remedy. */
export class LabCannotRun extends LabError {
  override readonly name = 'LabCannotRun';
  readonly reasons: readonly LabReason[];

  constructor(reasons: readonly LabReason[]) {
    const lines = reasons.map((reason) => `- ${reason.because} (${reason.code}); remedy: ${reason.remedy}`);
    super(['The lab cannot run on this machine:', ...lines].join('\n'));
    this.reasons = reasons;
  }
}

/** A `lab` command ended with a failure, or its answer could not be read. */
export class LabCommandFailed extends LabError {
  override readonly name = 'LabCommandFailed';
  /** The arguments that `lab` was given. */
  readonly command: readonly string[];
  /** The exit code; `null` if a signal ended the command, or if it never started. */
  readonly exitCode: number | null;

  constructor(command: readonly string[], exitCode: number | null, because: string, options?: ErrorOptions) {
    super(`lab ${command.join(' ')}: ${because}`, options);
    this.command = command;
    this.exitCode = exitCode;
  }
}
