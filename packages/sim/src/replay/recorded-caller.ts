import type { RecordedExchange } from '@groundcrew/core/conversation';
import type { Token } from '../services/identity/state.ts';
import { record, text } from '../wire.ts';

/**
 * Whose conversation it was. Its token's project and user are others than those of the simulated token, and stand in paths and
 * queries (`os-quota-sets/PROJECT`): in what is asked they are put in the place of the caller's.
 */
export class RecordedCaller {
  readonly #project: string | undefined;
  readonly #user: string | undefined;

  constructor(exchanges: readonly RecordedExchange[]) {
    const tokens = exchanges.filter(isLogin).map(tokenOf);
    this.#project = only(tokens.map((token) => text(record(token['project'])['id'])));
    this.#user = only(tokens.map((token) => text(record(token['user'])['id'])));
  }

  /** The path as the recorded caller would have asked for it. */
  asks(path: string, token: Token): string {
    const asked = swapped(path, token.project?.id, this.#project);
    return swapped(asked, token.user.id, this.#user);
  }
}

/** Whether it is about tokens, which are the simulated cloud's own. */
export const isLogin = ({ url }: RecordedExchange): boolean => /\/auth\/tokens(?:\?|$)/.test(url);

const tokenOf = ({ answer }: RecordedExchange) =>
  record(answer?.body !== undefined && 'json' in answer.body ? record(answer.body.json)['token'] : undefined);

const swapped = (path: string, own: string | undefined, recorded: string | undefined): string =>
  own === undefined || recorded === undefined ? path : path.replaceAll(own, recorded);

/** The one id that all have; `undefined` if there are several: then nobody knows which is meant. */
function only(ids: readonly (string | undefined)[]): string | undefined {
  const known = new Set(ids.filter((id) => id !== undefined));
  return known.size === 1 ? [...known][0] : undefined;
}
