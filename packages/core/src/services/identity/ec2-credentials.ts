import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { AnsweredSecret } from '../../record/secret-fields.ts';

/** A key for the EC2 and S3 interfaces, for one project. */
export const Ec2Credential = answer({
  /** The public half, which is its id here. */
  access: z.string(),
  /** The secret. A caller that may read the credential gets it every time. */
  secret: AnsweredSecret,
  user_id: z.string(),
  tenant_id: z.string(),
  trust_id: z.string().nullable().optional(),
  links: Links,
});
export type Ec2Credential = OutputAt<typeof Ec2Credential>;

const ByAccess = args({ user_id: z.string(), id: z.string() });

/** Keys of a user for the EC2 and S3 interfaces. The `id` of one is its `access`. */
export const ec2Credentials = resource({
  name: 'ec2Credentials',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'users/{user_id}/credentials/OS-EC2/{id}',
      receive: 'credential',
      input: ByAccess,
      output: Ec2Credential,
    }),
    list: operation({
      verb: 'GET',
      path: 'users/{user_id}/credentials/OS-EC2',
      receive: 'credentials',
      page: 'body-links',
      input: args({ user_id: z.string() }),
      output: Ec2Credential,
    }),
    /** Make one for a project in which the user has a role. */
    create: operation({
      verb: 'POST',
      path: 'users/{user_id}/credentials/OS-EC2',
      receive: 'credential',
      status: 201,
      input: args({
        user_id: z.string(),
        /** Id of the project. */
        tenant_id: z.string(),
      }),
      output: Ec2Credential,
    }),
    delete: operation({ verb: 'DELETE', path: 'users/{user_id}/credentials/OS-EC2/{id}', input: ByAccess }),
  },
});
