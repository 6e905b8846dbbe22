import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, GivenMetadata, StoredMetadata } from './header-values.ts';

/** What a project has in the object store: containers, with objects in them. */
export const Account = answer({
  'X-Account-Container-Count': Count,
  'X-Account-Object-Count': Count,
  'X-Account-Bytes-Used': Count,
  /** Seconds since 1970, with five decimals. */
  'X-Timestamp': z.string().optional(),
  /** `quota-bytes`, which the operator sets, is among it. */
  metadata: StoredMetadata,
});
export type Account = OutputAt<typeof Account>;

/** The account of the project that the token is for. */
export const account = resource({
  name: 'account',
  operations: {
    /** Show its counts and its metadata. One that has never been written to shows zeros. */
    get: operation({
      verb: 'HEAD',
      path: '',
      status: 204,
      input: args({}),
      output: Account,
      outputHeaders: 'X-Account-Meta-',
    }),
    /** Add or change metadata, and leave the others. */
    update: operation({
      verb: 'POST',
      path: '',
      status: 204,
      idempotent: true,
      headers: { metadata: 'X-Account-Meta-*' },
      input: args({ metadata: GivenMetadata }),
    }),
  },
});
