import { Secret } from '@groundcrew/ground';

/** What is done when an alarm enters a state. */
export interface AlarmAction {
  /** Which of Aodh's notifiers: `https`, `trust+http`, `zaqar`, `log`. */
  readonly scheme: string;
  /** The host that is told, with its port; `undefined` if there is none. */
  readonly host: string | undefined;
  /** The whole: whoever knows a webhook can call it, so its path and query are secrets as well as its userinfo. */
  readonly url: Secret;
}

export function actionOf(url: string): AlarmAction {
  const [, scheme = '', authority = ''] = ACTION.exec(url) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return {
    scheme: scheme.toLowerCase(),
    host: HOST.test(host) ? host : undefined,
    url: new Secret(url),
  };
}

/** Aodh writes `log:` and `zaqar:?topic=x` for `log://` and `zaqar://?topic=x` (`_scrub_action_url` of its alarms). */
const ACTION = /^([a-z][a-z\d+.-]{0,40}):(?:\/\/([^/?#\\]{0,1024}))?/i;
const HOST = /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;
