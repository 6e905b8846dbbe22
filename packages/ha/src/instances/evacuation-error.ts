import { GroundcrewError } from '@groundcrew/core';

export type EvacuationErrorCode =
  | 'evacuation-without-proof'
  | 'evacuation-not-known-where'
  | 'evacuation-gone'
  | 'evacuation-elsewhere'
  | 'evacuation-failed'
  | 'evacuation-timeout';

/** A server was not evacuated. It is still on its host, unless the message says otherwise. */
export class EvacuationError extends GroundcrewError {
  readonly code: EvacuationErrorCode;
  readonly server: string;
  /** The host that no proof covers, with the code `evacuation-without-proof`. */
  readonly host: string | undefined;

  constructor(
    code: EvacuationErrorCode,
    message: string,
    options: {
      readonly server: string;
      readonly host?: string;
      readonly remedy?: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.code = code;
    this.server = options.server;
    this.host = options.host;
  }
}
