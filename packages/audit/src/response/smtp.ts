import { Secret } from '@groundcrew/core';
import { createTransport } from 'nodemailer';
import type { Channel } from './channel.ts';

export interface SmtpOptions {
  /** Of the channel. @default 'mail' */
  readonly name?: string | undefined;
  readonly host: string;
  /** @default 587; 465 with `tls: 'always'` */
  readonly port?: number | undefined;
  readonly from: string;
  readonly to: string | readonly string[];
  readonly auth?: { readonly user: string; readonly password: string | Secret } | undefined;
  /** `always`: from the first byte. `required`: STARTTLS, or nothing is sent. `never`: in the clear. @default 'required' */
  readonly tls?: 'always' | 'required' | 'never' | undefined;
  /** PEM of a certificate authority of one's own. @default the system's */
  readonly ca?: string | undefined;
  /** Seconds for one message. @default 30 */
  readonly timeout?: number | undefined;
}

/**
 * Mail by SMTP, plain text. Its `Message-ID` is the same for each attempt, so that a receiver can drop a double. It is sent
 * to all, or to none as far as the server tells.
 */
export function smtp(options: SmtpOptions): Channel {
  const { name = 'mail', host, from, to, auth, tls = 'required', ca, timeout = 30 } = options;
  const port = options.port ?? (tls === 'always' ? 465 : 587);
  return {
    name,
    async send({ subject, text, id }, { signal }) {
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
        connectionTimeout: timeout * 1_000,
        greetingTimeout: timeout * 1_000,
        socketTimeout: timeout * 1_000,
      });
      const stop = (): void => transport.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const sent = await transport.sendMail({
          from,
          to: typeof to === 'string' ? to : [...to],
          // A line break would begin another header.
          subject: subject.replaceAll(/\s+/g, ' ').slice(0, 200),
          text,
          messageId: `<${id.replaceAll(/[^\w.-]/g, '-')}@groundcrew>`,
        });
        if (sent.rejected.length > 0)
          throw new Error(`${host} took it, but not for ${sent.rejected.length} of its receivers`);
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
  };
}
