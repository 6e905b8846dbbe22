import { GroundcrewError, Secret } from '@groundcrew/core';
import {
  aPositiveDuration,
  type Duration,
  hasControls,
  importOptional,
  maskText,
  messageOf,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { shownLine, shownText } from '../policy/shown.ts';
import type { Channel } from './channel.ts';

export interface SmtpOptions {
  /** The name of the channel. @default 'mail' */
  readonly name?: string | undefined;
  readonly host: string;
  /** @default 587; 465 with `tls: 'always'` */
  readonly port?: number | undefined;
  readonly from: string;
  readonly to: string | readonly string[];
  readonly auth?: { readonly user: string; readonly password: string | Secret } | undefined;
  /**
   * `always`: from the first byte. `required`: STARTTLS, or nothing is sent. `never`: in the clear. @default 'required'
   */
  readonly tls?: 'always' | 'required' | 'never' | undefined;
  /** PEM of a private certificate authority. @default the system's */
  readonly ca?: string | undefined;
  /** The time for one message. @default '30s' */
  readonly timeout?: Duration | undefined;
}

/** The error of mail that was not accepted, or not for all receivers. Secrets in the server's answer are masked. */
export class SmtpError extends GroundcrewError {
  readonly code = 'smtp';
}

/** A line break, or any other control character, would begin a header of somebody else's. */
const line = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !hasControls(text), 'has control characters');
const optionsSchema = z.strictObject({
  name: line.optional(),
  host: line,
  port: z.int().min(1).max(65_535).optional(),
  from: line,
  to: z.union([line, z.array(line).min(1).readonly()]),
  auth: z
    .strictObject({ user: z.string().min(1), password: z.union([z.string(), z.instanceof(Secret)]) })
    .optional(),
  tls: z.enum(['always', 'required', 'never']).optional(),
  ca: z.string().optional(),
  timeout: aPositiveDuration.optional(),
});

/**
 * Sends mail by SMTP, as plain text. Its `Message-ID` is the same for each attempt, so that a receiver can drop a
 * double. It is sent to all, or to none as far as the server tells.
 *
 * `send` needs the package nodemailer, and rejects with a MissingPackageError where it is not installed.
 *
 * @throws InputError that names the option
 */
export function smtp(options: SmtpOptions): Channel {
  const { timeout = 30_000 } = parseArguments('smtp', optionsSchema, options);
  const { name = 'mail', host, from, to, auth, tls = 'required', ca } = options;
  const port = options.port ?? (tls === 'always' ? 465 : 587);
  return {
    name,
    async send({ subject, text, id }, { signal }) {
      const { createTransport } = await importOptional(
        'nodemailer',
        () => import('nodemailer'),
        'Mail by SMTP',
      );
      signal.throwIfAborted();
      // One connection for each message: a notice is rare, and nothing is left behind.
      const transport = createTransport({
        host,
        port,
        secure: tls === 'always',
        requireTLS: tls === 'required',
        ignoreTLS: tls === 'never',
        ...(ca === undefined ? {} : { tls: { ca } }),
        ...(auth === undefined ? {} : { auth: { user: auth.user, pass: Secret.of(auth.password).reveal() } }),
        connectionTimeout: timeout,
        greetingTimeout: timeout,
        socketTimeout: timeout,
      });
      const stop = (): void => transport.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const sent = await transport.sendMail({
          from,
          to: typeof to === 'string' ? to : [...to],
          // A line break would begin another header.
          subject: shownLine(subject.replaceAll(/\s+/g, ' ')).slice(0, 200).toWellFormed(),
          text: shownText(text),
          messageId: `<${id.replaceAll(/[^\w.-]/g, '-')}@groundcrew>`,
        });
        if (sent.rejected.length > 0)
          throw new SmtpError(`${host} took it, but not for ${sent.rejected.length} of its receivers`, {
            remedy: 'Look at their addresses.',
          });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SmtpError) throw error;
        // It quotes what the server answered, and may hold the transport's options: neither is handed on.
        throw new SmtpError(`${host} did not take it: ${maskText(messageOf(error))}`, {
          remedy: 'See that the server is reached, and takes mail from this user.',
        });
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
  };
}
