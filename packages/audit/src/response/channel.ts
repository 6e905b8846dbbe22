import type { Clock } from '@groundcrew/core';
import { anObjectWith } from '@groundcrew/ground';
import { implement, type Implementation } from '@groundcrew/runbook';
import { tellChannel } from './actions.ts';
import type { NoticeBook } from './notice-book.ts';

/** A message to a channel: text for people, findings for programs. */
export interface Message {
  readonly channel: string;
  readonly subject: string;
  readonly text: string;
  readonly findings: readonly {
    readonly key: string;
    readonly id: string;
    readonly severity: string;
    readonly title: string;
    readonly subject: { readonly kind: string; readonly id: string };
  }[];
  /** The same for each attempt: a receiver may drop what it has. */
  readonly id: string;
}

/** A means to notify people: a webhook, mail, a pager, or the user's own. */
export interface Channel {
  readonly name: string;
  /** Rejects if it did not arrive as far as can be known. */
  send(message: Message, options: { readonly signal: AbortSignal }): Promise<void>;
}

export const aChannel = anObjectWith<Channel>('a channel', 'name', 'send');

/** Makes a channel of the user's own. */
export const channel = (name: string, send: Channel['send']): Channel => ({ name, send });

/** Implements the sending of notices. A notice is noted when it was sent: killed in between, somebody is told twice, never not. */
export function noticeImplementations(
  channels: readonly Channel[],
  notices: NoticeBook,
  clock: Clock,
): Implementation[] {
  return [
    implement(tellChannel, {
      precondition({ channel: name }) {
        return Promise.resolve(
          channels.some((candidate) => candidate.name === name)
            ? undefined
            : {
                code: 'audit.no-channel',
                reason: `there is no channel ${name}`,
                remedy: `There are ${channels.map((candidate) => candidate.name).join(', ') || 'none'}.`,
              },
        );
      },
      async perform({ channel: name, subject, text, findings }, { signal, key }) {
        const target = channels.find((candidate) => candidate.name === name);
        if (target === undefined) throw new Error(`there is no channel ${name}`);
        await target.send({ channel: name, subject, text, findings, id: key }, { signal });
        const at = new Date(clock.now()).toISOString();
        await notices.note(findings.map(({ key: told }) => ({ key: told, channel: name, at })));
        return { at };
      },
    }),
  ];
}
