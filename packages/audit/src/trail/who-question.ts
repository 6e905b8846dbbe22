export interface WhoQuestion {
  /** The verb: `create`, `delete`, `update`, … */
  readonly did: string;
  /** To what. */
  readonly to: { readonly type: string; readonly id: string };
  /**
   * The time when it happened, as far as it is known otherwise (`created_at`): by it a request is found that tells no
   * id.
   */
  readonly at?: string | undefined;
  /** In whose project, likewise. */
  readonly project_id?: string | undefined;
}
