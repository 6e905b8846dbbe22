import { aPositiveDuration, type Duration, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';

/** Things that may be done to a server, from harmless to hard. */
export const serverStates = ['lock', 'pause', 'suspend', 'stop', 'shelve'] as const;
export type ServerState = (typeof serverStates)[number];

/** A response to a failed finding, as data. */
export type Response =
  | { readonly do: 'tag'; readonly tag: string }
  | { readonly do: 'notify'; readonly channels: readonly string[] }
  | { readonly do: 'edit-rules' }
  | { readonly do: 'quarantine' }
  | { readonly do: 'port-down' }
  | { readonly do: ServerState }
  | { readonly do: 'live-migrate' | 'cold-migrate'; readonly to: string | undefined }
  | { readonly do: 'image-private' }
  | { readonly do: 'disable-user' }
  | { readonly do: 'disable-project' }
  | { readonly do: 'after'; readonly delay: Duration; readonly respond: Response };

const word = z.string().trim().min(1);
const acts = [
  z.strictObject({ do: z.literal('tag'), tag: word.max(60) }),
  z.strictObject({ do: z.literal('notify'), channels: z.array(word).min(1).readonly() }),
  z.strictObject({ do: z.enum(['live-migrate', 'cold-migrate']), to: word.optional() }),
  z.strictObject({
    do: z.enum([
      'edit-rules',
      'quarantine',
      'port-down',
      ...serverStates,
      'image-private',
      'disable-user',
      'disable-project',
    ]),
  }),
] as const;
/** Added to a time it has to stay within what a date can hold. */
const aDelay = aPositiveDuration.refine((ms) => ms <= 999_999 * 86_400_000, 'must be at most 999999d');

/** The schema of a response in a policy; a tag is one that Nova accepts. */
export const responseSchema = z.discriminatedUnion('do', [
  ...acts,
  z.strictObject({
    do: z.literal('after'),
    delay: aDelay,
    respond: z.discriminatedUnion('do', acts, {
      error: 'is no response; a deadline within a deadline is none either',
    }),
  }),
]);

export type ResponseKind = Exclude<Response['do'], 'after'>;

/** The responses from the least to the most disruptive: of several to one thing, the last one wins. */
export const byBlastRadius: readonly ResponseKind[] = [
  'notify',
  'tag',
  'lock',
  'edit-rules',
  'image-private',
  'quarantine',
  'port-down',
  'live-migrate',
  'cold-migrate',
  'pause',
  'suspend',
  'stop',
  'shelve',
  'disable-user',
  'disable-project',
];

/** Tells the channels of these names; the policy says who they are. */
export const notify = (...channels: readonly [string, ...string[]]): Response => ({ do: 'notify', channels });
/** Writes a tag on the server. */
export const tag = (text: string): Response => ({ do: 'tag', tag: text });
/** Takes away the rules that cause it, and lets in again what the policy keeps (`ExposureFinding.fix`). */
export const editRules = (): Response => ({ do: 'edit-rules' });
/**
 * Gives the ports a group that lets nothing in or out, instead of theirs, and switches their port security on if it is
 * off.
 */
export const quarantine = (): Response => ({ do: 'quarantine' });
/** Switches the ports off. */
export const portDown = (): Response => ({ do: 'port-down' });
/** Locks the server: only an administrator may change it. */
export const lock = (): Response => ({ do: 'lock' });
export const pause = (): Response => ({ do: 'pause' });
export const suspend = (): Response => ({ do: 'suspend' });
export const stop = (): Response => ({ do: 'stop' });
/** Stops it and frees its host. */
export const shelve = (): Response => ({ do: 'shelve' });
/** Moves it while it runs. @param to a host; without one the first legal location, by `ResponseContext.locationOf` */
export const liveMigrate = (to?: string): Response => ({ do: 'live-migrate', to });
/** Moves it while it is down. */
export const coldMigrate = (to?: string): Response => ({ do: 'cold-migrate', to });
/** Shows the image to its own project alone. */
export const imagePrivate = (): Response => ({ do: 'image-private' });
export const disableUser = (): Response => ({ do: 'disable-user' });
/** Revokes all tokens of the project. Its servers go on. */
export const disableProject = (): Response => ({ do: 'disable-project' });
/**
 * Responds only when somebody was told so long ago and it is still so: `after('72h', stop())`.
 *
 * @throws InputError for what is no duration above 0: `'90s'`, `'30m'`, `'72h'`, `'7d'`
 */
export function after(duration: Duration, response: Response): Response {
  parseArguments('after', afterArguments, { duration });
  return { do: 'after', delay: duration, respond: response };
}

const afterArguments = z.strictObject({ duration: aDelay });
