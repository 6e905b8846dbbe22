/** A right that one holder has at a time, with a fencing token that rises with every holder. */
export interface Lease {
  /** @throws LeaseHeldError while another holder is alive */
  acquire(options: AcquireOptions): Promise<HeldLease>;
}

export interface AcquireOptions {
  readonly holder: string;
  readonly signal?: AbortSignal | undefined;
}

/** A lease whose next token can be put above one that is known from elsewhere: from the records written under it. */
export interface FencedLease<Held extends HeldLease = HeldLease> extends Lease {
  /** @param options `above`: the token is higher than this as well */
  acquire(options: AcquireOptions & { readonly above?: number | undefined }): Promise<Held>;
}

export interface HeldLease {
  readonly holder: string;
  /** Higher than that of every holder before. */
  readonly token: number;
  /**
   * Aborted as soon as the lease may have been lost: before it expires, not after. Read it anew before each effect: after
   * a sleep of the whole process, answers that came meanwhile are heard before timers are, but not before this.
   */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}
