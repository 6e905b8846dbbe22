import { aPositiveDuration } from '@groundcrew/ground';
import * as z from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'needs a kebab-case name');
const source = z.strictObject({
  kind: z.enum(['ha-guide', 'kolla', 'upstream', 'field']),
  where: z.string().min(1),
});
const count = z.int().positive().optional();
const callable = z
  .custom<unknown>((value) => value === undefined || typeof value === 'function', 'needs a function')
  .optional();

const facts = {
  name,
  title: z.string().min(1),
  mode: z.enum(['active-active', 'active-passive', 'single-writer', 'quorum', 'per-host', 'independent']),
  state: z.enum(['stateless', 'cache', 'replicated', 'shared-storage', 'local']),
  stops: z.string().min(1),
  wanted: z.int().positive(),
  essential: z.boolean().default(false),
  checks: z
    .array(
      z.strictObject({
        id: name,
        expects: z.string().min(1),
        every: aPositiveDuration.optional(),
        rise: count,
        fall: count,
        timeout: aPositiveDuration.optional(),
        path: z.string().startsWith('/').optional(),
        port: z.int().min(1).max(65_535).optional(),
        source,
      }),
    )
    .default([]),
  needs: z
    .array(z.strictObject({ component: name, kind: z.enum(['hard', 'soft']), why: z.string().min(1) }))
    .default([]),
  quorum: z
    .strictObject({ voters: z.string().min(1), minimum: z.int().positive(), minority: z.string().min(1) })
    .optional(),
  worker: z
    .strictObject({ service: z.enum(['compute', 'block-storage', 'network']), kind: z.string().min(1) })
    .optional(),
};

/** `heartbeats` is what a snapshot has of the cloud itself. */
const key = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/, 'needs a name')
  .refine((value) => value !== 'heartbeats', 'is taken');

const observer = {
  key: key.optional(),
  target: z
    .custom<z.ZodType>(
      (value) => value === undefined || (typeof value === 'object' && value !== null && '_zod' in value),
      'needs a schema of zod',
    )
    .optional(),
  source: callable,
  observe: callable,
  componentOf: callable,
  unseen: z
    .strictObject({
      id: z.string().min(1).optional(),
      severity: z.enum(['info', 'low', 'medium', 'high', 'critical']).optional(),
      means: z.string().min(1).optional(),
    })
    .optional(),
  graceMs: z.number().min(0).optional(),
};

const judgement = {
  replica: callable,
  sign: z.string().min(1).optional(),
  replicas: callable,
  judge: callable,
  unsafe: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        moves: z.array(z.string().min(1)).min(1),
        when: z.string().min(1),
        why: z.string().min(1),
        source,
        refuses: callable,
        refusesUnseen: z.boolean().optional(),
      }),
    )
    .default([]),
};

/** The argument of `defineComponent`. */
export const componentSchema = z
  .strictObject({ ...facts, ...observer, ...judgement })
  .refine(({ mode, quorum }) => mode !== 'quorum' || quorum !== undefined, {
    path: ['quorum'],
    error: 'a component that lives by quorum says who votes',
  })
  .refine(({ target, observe }) => (target === undefined) === (observe === undefined), {
    path: ['observe'],
    error: 'a target and what observes it belong together',
  })
  .refine(({ target, source: named }) => target === undefined || named !== undefined, {
    path: ['source'],
    error: 'a component that has targets says what they are called',
  })
  .refine(
    ({ observe, replica, replicas, judge, unsafe }) =>
      observe === undefined ||
      [replica, replicas, judge].some((made) => made !== undefined) ||
      unsafe.some(({ refuses }) => refuses !== undefined),
    { path: ['judge'], error: 'what is observed is judged: give it replica, replicas, judge, or refuses' },
  );
