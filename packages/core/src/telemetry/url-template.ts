import type { AttemptStart } from './instrumentation.ts';

/**
 * The path of a request with slots instead of ids: `/compute/v2.1/servers/{id}`. The path of the endpoint comes from the URL,
 * and what is below it from the record; a raw request and a version document have no record, and no template.
 */
export function urlTemplate({
  url,
  route,
  operation,
}: Pick<AttemptStart, 'url' | 'route' | 'operation'>): string | undefined {
  if (route === '' || route === operation || !URL.canParse(url)) return undefined;
  // `#os-start` names an action, and is not in the path.
  const below = (route.split('#', 1)[0] as string).split('/');
  const path = new URL(url).pathname.split('/');
  if (path.length < below.length) return undefined;
  return [...path.slice(0, path.length - below.length), ...below].join('/');
}
