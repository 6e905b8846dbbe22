/** Ids of a tree: each key an id, each value the tree below (or above) it, `null` at its end. */
export interface IdTree {
  [id: string]: IdTree | null;
}
