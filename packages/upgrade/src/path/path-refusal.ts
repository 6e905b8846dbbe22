export type PathRefusalCode =
  | 'already-there'
  | 'ambiguous'
  | 'backwards'
  | 'distribution-missing'
  | 'infra-edge-missing'
  | 'mixed'
  | 'not-maintained'
  | 'unknown-from'
  | 'unknown-newer'
  | 'unknown-to';

/** Why there is no path, and what would make one. */
export interface PathRefusal {
  readonly code: PathRefusalCode;
  readonly reason: string;
  readonly remedy: string | undefined;
}
