import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Limit, Marker } from './paging.ts';
import { AnsweredSecret } from '../../record/secret-fields.ts';
import { tolerant } from '../../record/tolerant.ts';

const brief = { name: z.string(), fingerprint: z.string(), public_key: z.string() };

/** Takes a key pair of a list out of an envelope of its own: Nova lists them as `[{ keypair: { … } }]`. */
const opened = {
  decode: ({ keypair }: { keypair?: unknown }) => keypair as never,
  encode: (keypair: unknown) => ({ keypair }),
};
const Enveloped = tolerant({ keypair: z.unknown() });

/** A key pair in a list. */
export const KeypairBrief = changes(
  ['2.1', z.codec(Enveloped, tolerant(brief), opened)],
  ['2.2', z.codec(Enveloped, tolerant({ ...brief, type: z.string() }), opened)],
);
export type KeypairBrief = OutputAt<typeof KeypairBrief>;

/** A public key, which Nova puts into servers. */
export const Keypair = answer({
  ...brief,
  /** A number of Nova's database: the name is what it is known by. */
  id: z.number().optional(),
  user_id: z.string(),
  /** `ssh` or `x509`. */
  type: since('2.2', z.string()),
  created_at: Timestamp.nullable().optional(),
  updated_at: Timestamp.nullable().optional(),
  deleted: z.boolean().optional(),
  deleted_at: Timestamp.nullable().optional(),
});
export type Keypair = OutputAt<typeof Keypair>;

/** The answer to creating a key pair. */
export const CreatedKeypair = answer({
  ...brief,
  user_id: z.string(),
  type: since('2.2', z.string()),
  /** If Nova made the key. Shown here and never again. */
  private_key: changes(['2.1', AnsweredSecret.optional()], ['2.92', null]),
});
export type CreatedKeypair = OutputAt<typeof CreatedKeypair>;

const ByName = args({
  /** The name, which is a key pair's id. */
  id: z.string(),
  /** Another user's. Administrators only. */
  user_id: since('2.10', z.string().optional()),
});

/** Public keys of a user; not of a project. */
export const keypairs = resource({
  name: 'keypairs',
  findBy: 'name',
  operations: {
    /** Show one key pair, by its name. */
    get: operation({
      verb: 'GET',
      path: 'os-keypairs/{id}',
      receive: 'keypair',
      input: ByName,
      output: Keypair,
    }),
    /** Before 2.35 all at once. */
    list: operation({
      verb: 'GET',
      path: 'os-keypairs',
      receive: 'keypairs',
      page: 'links',
      input: args({
        /** Another user's. Administrators only. */
        user_id: since('2.10', z.string().optional()),
        limit: since('2.35', Limit),
        /** A name. */
        marker: since('2.35', Marker),
      }),
      output: KeypairBrief,
    }),
    /** Import a public key. Before 2.92 Nova makes a key if none is given. 409 if the name is taken. */
    create: operation({
      verb: 'POST',
      path: 'os-keypairs',
      send: 'keypair',
      receive: 'keypair',
      input: args({
        name: z.string(),
        public_key: changes(['2.1', z.string().optional()], ['2.92', z.string()]),
        /** @default 'ssh' */
        type: since('2.2', z.enum(['ssh', 'x509']).optional()),
        /** For another user. Administrators only. */
        user_id: since('2.10', z.string().optional()),
      }),
      output: CreatedKeypair,
    }),
    // 202 at 2.1, 204 from 2.2 on; create likewise 200 and 201.
    /** Delete a key pair. Servers keep the key. */
    delete: operation({ verb: 'DELETE', path: 'os-keypairs/{id}', input: ByName, status: 202 }),
  },
});
