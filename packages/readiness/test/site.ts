import { type Cloud, connect } from '@groundcrew/core';
import { type FaultScript, simulateCloud } from '@groundcrew/sim';
import { collect, type CollectOptions, type Report } from '../src/index.ts';

let simulated = simulateCloud({ scenario: 'site' });
let door: ReturnType<typeof simulated.listen> | undefined;

/** A client of the simulated site, over HTTP, as the user of this name in the project of the same name. */
export async function site(username: string, password?: string): Promise<Cloud> {
  const { connectOptions } = await (door ??= simulated.listen({ port: 0, speed: 0 }));
  const auth = { ...connectOptions.auth, username, project_name: username };
  return connect({
    ...connectOptions,
    auth: password === undefined ? auth : { ...auth, password },
    clock: simulated.clock,
  });
}

/** `demo-reader`, who is made a reader of the whole system, and asks as such. */
export async function systemReader(): Promise<Cloud> {
  const { identity } = simulated.state;
  const user = identity.users.values().find((candidate) => candidate.name === 'demo-reader');
  identity.grant(
    identity.role('reader').id,
    { kind: 'user', id: user?.id ?? '' },
    { kind: 'system', id: 'all' },
  );
  const { connectOptions } = await (door ??= simulated.listen({ port: 0, speed: 0 }));
  const { auth_url, password, user_domain_name } = connectOptions.auth;
  return connect({
    ...connectOptions,
    auth: { auth_url, username: 'demo-reader', password, user_domain_name, system_scope: 'all' },
    clock: simulated.clock,
  });
}

/** The report on it as that user, while it has these faults. */
export async function reportOf(
  username = 'admin',
  faults: readonly FaultScript[] = [],
  options: CollectOptions = {},
): Promise<Report> {
  const active = faults.map((script) => simulated.fault(script));
  const cloud = await site(username);
  try {
    return await collect(cloud, options);
  } finally {
    await cloud.close();
    for (const fault of active) fault.stop();
  }
}

/** Whoever asks afterwards is given another site, as it was at first: files that one worker runs share this module. */
export async function closeSite(): Promise<void> {
  const closing = simulated;
  simulated = simulateCloud({ scenario: 'site' });
  door = undefined;
  await closing.close();
}

/** Which of its things passed by which rule. */
export const passesOf = (report: Report): Set<string> =>
  new Set(
    report.answers.flatMap((answer) =>
      answer.findings
        .filter((finding) => finding.verdict === 'pass')
        .map((finding) => `${finding.id} ${finding.subject.kind} ${finding.subject.id}`),
    ),
  );

/** What passes in a report and does not in another. */
export const gained = (report: Report, clean: Report): string[] => {
  const before = passesOf(clean);
  return [...passesOf(report)].filter((pass) => !before.has(pass));
};
