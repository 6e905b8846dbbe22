import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { known } from '../../record/tolerant.ts';

/** A project that an image is shared with. */
export const Member = answer({
  image_id: z.string(),
  /** Id of the project. */
  member_id: z.string(),
  /** The project's answer to the offer: `pending`, `accepted` or `rejected`. Only `accepted` ones are in its lists. */
  status: known(['pending', 'accepted', 'rejected']),
  created_at: Timestamp,
  updated_at: Timestamp,
  schema: z.string().optional(),
});
export type Member = OutputAt<typeof Member>;

const ByIds = args({
  image_id: z.string(),
  /** Id of the project. */
  id: z.string(),
});

/** Members of images of visibility `shared`. The `id` of a member is that of the project. */
export const members = resource({
  name: 'members',
  operations: {
    get: operation({ verb: 'GET', path: 'images/{image_id}/members/{id}', input: ByIds, output: Member }),
    list: operation({
      verb: 'GET',
      path: 'images/{image_id}/members',
      receive: 'members',
      page: 'none',
      input: args({ image_id: z.string() }),
      output: Member,
    }),
    /** Share an image with a project. 409 if it is shared already. */
    create: operation({
      verb: 'POST',
      path: 'images/{image_id}/members',
      input: args({
        image_id: z.string(),
        /** Id of the project. */
        member: z.string(),
      }),
      output: Member,
    }),
    /** Set the project's answer to the offer. Only the project itself may. */
    update: operation({
      verb: 'PUT',
      path: 'images/{image_id}/members/{id}',
      input: args({
        image_id: z.string(),
        id: z.string(),
        status: z.enum(['accepted', 'rejected', 'pending']),
      }),
      output: Member,
    }),
    /** Share it no more. */
    delete: operation({ verb: 'DELETE', path: 'images/{image_id}/members/{id}', input: ByIds }),
  },
});
