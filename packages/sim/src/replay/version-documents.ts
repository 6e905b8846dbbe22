import type { RecordedExchange } from '@groundcrew/core/conversation';

/** The end of the URL of one version of an API: `/v3`, `/v2.1/`, `/v3/PROJECT`. */
export const DOCUMENT_END = /\/v\d{1,3}(?:\.\d{1,3})?(?:\/[0-9a-f]{32})?\/?$/;

/** The two documents that tell of versions: the one at the root of a service, and the one of a version. */
type VersionDocument = 'root' | 'version';

/** Which of them was asked for; `undefined` of any other request. */
export function recordedDocument({
  operation,
  endpoint,
  url,
}: RecordedExchange): VersionDocument | undefined {
  if (operation !== 'versions' || endpoint !== undefined) return undefined;
  return DOCUMENT_END.test(url) ? 'version' : 'root';
}

/** The same by a path below a simulated service. */
export function askedDocument(rest: string): VersionDocument | undefined {
  if (rest === '' || rest === 'versions') return 'root';
  return DOCUMENT_END.test(`/${rest}`) ? 'version' : undefined;
}
