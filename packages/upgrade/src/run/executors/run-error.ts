import { RunbookError } from '@groundcrew/runbook';

export type UpgradeRunErrorCode =
  | 'upgrade.check-failed'
  | 'upgrade.check-unknown'
  | 'upgrade.migrations-failed'
  | 'upgrade.migrations-stuck'
  | 'upgrade.packages-unread'
  | 'upgrade.state-unknown'
  | 'upgrade.unknown-host';

/** A step of an upgrade that did not do what it is for. */
export class UpgradeRunError extends RunbookError {
  readonly code: UpgradeRunErrorCode;

  constructor(code: UpgradeRunErrorCode, message: string, remedy: string) {
    super(message, { remedy });
    this.code = code;
  }
}
