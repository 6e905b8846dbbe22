import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { answer, args } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';

const ById = args({ id: z.string() });

const Settings = {
  /** `front-end` (the hypervisor) or `back-end`. */
  control_location: z.string().nullable().optional(),
  /** `aes-xts-plain64` */
  cipher: z.string().nullable().optional(),
  /** Bits. */
  key_size: z.number().nullable().optional(),
  /** `luks`, `plain`, … */
  provider: z.string().nullable().optional(),
};

const Given = {
  id: z.string(),
  cipher: z.string().nullable().optional(),
  key_size: z.number().int().nonnegative().nullable().optional(),
};
const Location = z.enum(['front-end', 'back-end']);

/** The encryption of volumes of a type. It cannot change while a volume has the type. */
export const volumeTypeEncryption = {
  /** An unencrypted type answers an empty object. */
  getEncryption: operation({
    verb: 'GET',
    path: 'types/{id}/encryption',
    input: ById,
    output: answer({
      ...Settings,
      volume_type_id: z.string().optional(),
      encryption_id: z.string().optional(),
      created_at: Timestamp.nullable().optional(),
      updated_at: Timestamp.nullable().optional(),
    }),
  }),
  createEncryption: operation({
    verb: 'POST',
    path: 'types/{id}/encryption',
    send: 'encryption',
    receive: 'encryption',
    input: args({ ...Given, provider: z.string(), control_location: Location }),
    output: answer(Settings),
  }),
  /** Cinder ignores the last segment of the path but for its being there. Answers what was given. */
  updateEncryption: operation({
    verb: 'PUT',
    path: 'types/{id}/encryption/{encryption_id}',
    send: 'encryption',
    receive: 'encryption',
    input: args({
      ...Given,
      encryption_id: z.string(),
      provider: z.string().optional(),
      control_location: Location.optional(),
    }),
    output: answer(Settings),
  }),
  deleteEncryption: operation({
    verb: 'DELETE',
    path: 'types/{id}/encryption/{encryption_id}',
    status: 202,
    input: args({ id: z.string(), encryption_id: z.string() }),
  }),
};
