import type { Answer } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { accountOf, openAccount } from './access.ts';
import { entriesOf, formatOf, listAnswer } from './listing.ts';
import { merge, metadataHeaders, momentOf, timestamp } from './metadata.ts';
import { compareNames } from './names.ts';
import type { Account } from './state.ts';
import { refusal } from './swob.ts';

export const accountRoutes: Routes = {
  'HEAD ': (call): Answer => ({
    status: 204,
    headers: { ...headersOf(accountOf(call)), 'Content-Type': `${formatOf(call)}; charset=utf-8` },
  }),
  'GET ': (call) => {
    const account = accountOf(call);
    const names = [...account.containers.keys()].toSorted(compareNames);
    return listAnswer(call, entriesOf(call, names), viewIn(account), headersOf(account));
  },
  'POST ': (call) => {
    const account = openAccount(call);
    requireOwnMetadata(call);
    merge(call, 'Account', account.metadata);
    return { status: 204 };
  },
};

/** The quota is the operator's (`swift/common/middleware/account_quotas.py`). */
function requireOwnMetadata({ request: { headers } }: Call): void {
  if (headers.has('X-Account-Meta-Quota-Bytes') || headers.has('X-Remove-Account-Meta-Quota-Bytes'))
    throw refusal(403);
}

const headersOf = (account: Account): Record<string, string> => ({
  'X-Account-Container-Count': String(account.containers.size),
  'X-Account-Object-Count': String(account.objects),
  'X-Account-Bytes-Used': String(account.bytes),
  'X-Timestamp': timestamp(account.created),
  ...metadataHeaders('Account', account.metadata),
});

const viewIn = (account: Account) => (name: string) => {
  const container = account.containers.get(name);
  return {
    name,
    count: container?.size ?? 0,
    bytes: container?.bytes ?? 0,
    last_modified: momentOf(container?.changed ?? 0),
  };
};
