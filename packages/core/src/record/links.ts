import { z } from 'zod';

/** A link to an entity, as its service writes it. */
export interface Link {
  readonly rel: string;
  readonly href: string;
}

/**
 * The links that Nova and Cinder put into every entity. Behind a proxy they may be wrong, and Groundcrew never follows
 * them: that they are a list is all that is checked, for on a list of servers a look into each would cost as much as
 * all other fields together.
 */
export const Links = z.custom<Link[]>(Array.isArray, 'expected a list of links');
