/** A service's own account of what went wrong, out of whichever shape it chose. */
export interface Fault {
  /** `itemNotFound`, `PortNotFound`, `Not Found`, … ; the service's own word where it has one. */
  readonly type: string | undefined;
  readonly message: string;
  /** Placement's and the API SIG's machine-readable code: `placement.undefined_code`. */
  readonly code: string | undefined;
  readonly detail: string | undefined;
}
