import { type Cloud, connect } from '@groundcrew/core';
import { simulateCloud, type SimulatedCloud } from '@groundcrew/sim';
import { onTestFinished } from 'vitest';

type Change = (body: Record<string, unknown>) => unknown;

// Whatever stands before a service changes answers as it likes: neutron/pecan_wsgi/hooks/policy_enforcement.py leaves fields out,
// openstack/keystone's drivers of other people give users no options, and a gateway (gtema/openstack issue 1243) hides paths.
/** A simulated cloud behind a gateway that changes what services answer, as other people's clouds answer it. */
export interface Behind {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  /** Answers of this method and URL are changed from now on. */
  readonly answers: (method: string, url: RegExp, change: Change) => void;
  /** A GET of this URL, which the simulated cloud does not know, is answered so from now on. */
  readonly serves: (url: RegExp, body: object) => void;
}

export async function behindGateway(): Promise<Behind> {
  const simulated = simulateCloud({ seed: 4, release: 'zed' });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  const changes: { readonly method: string; readonly url: RegExp; readonly change: Change }[] = [];
  const served: { readonly url: RegExp; readonly body: object }[] = [];
  const cloud = connect({
    ...connectOptions,
    clock: simulated.clock,
    retries: 0,
    async fetch(input, init) {
      const request = new Request(input, init);
      const found = changes.findLast(({ method, url }) => method === request.method && url.test(request.url));
      const own = served.find(({ url }) => request.method === 'GET' && url.test(request.url));
      if (own !== undefined) return Response.json(own.body);
      const answer = await fetch(request);
      if (found === undefined || !answer.ok) return answer;
      const headers = new Headers(answer.headers);
      headers.delete('content-length');
      headers.delete('content-encoding');
      const body = found.change((await answer.json()) as Record<string, unknown>);
      return new Response(JSON.stringify(body), { status: answer.status, headers });
    },
  });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
  });
  return {
    simulated,
    cloud,
    answers: (method, url, change) => void changes.push({ method, url, change }),
    serves: (url, body) => void served.push({ url, body }),
  };
}

/** Changes each element of a list. */
export const each =
  (name: string, change: (entry: Record<string, unknown>) => Record<string, unknown>): Change =>
  (body) => ({ ...body, [name]: (body[name] as Record<string, unknown>[]).map(change) });
